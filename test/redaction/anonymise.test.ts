/** A bundle that no longer says whose it is gets the same diagnoses. */
import { describe, expect, it } from 'vitest'
import { addressesWith } from '../../src/bundle/anonymise/addresses.js'
import { identitiesOf } from '../../src/bundle/anonymise/identities.js'
import { anonymise } from '../../src/bundle/anonymise/index.js'
import { scrambleWith } from '../../src/bundle/anonymise/scramble.js'
import type { Examination } from '../../src/examine.js'
import type { Bundle } from '../../src/model/bundle.js'
import { type Format, formats, renderReport } from '../../src/report/render.js'
import { bundleOf } from '../bundle-of.js'
import { judge } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'

const key = Buffer.alloc(32, 7)

function diagnosesOf({ report }: Examination): string[] {
	return [
		report.verdict,
		...report.diagnoses.map(
			({ cause, severity, confidence, explainedBy }) =>
				`${cause} ${severity} ${confidence} ${explainedBy ?? ''}`,
		),
	]
}

/** Everything that a bundle says. */
function wholeText({ node, entries, files, notes }: Bundle): string {
	return [JSON.stringify({ node, entries, notes }), ...[...files].flat()].join('\n')
}

describe('an anonymised bundle', () => {
	it('has the same diagnoses as before on every recorded node, and none of the names and addresses', {
		timeout: 300_000,
	}, async () => {
		for (const name of recordingNames()) {
			const bundle = await openRecording(name)
			const masked = anonymise(bundle, key)
			const before = judge(bundle)
			expect(diagnosesOf(judge(masked)), name).toEqual(diagnosesOf(before))
			expect(masked.node.hostname, name).not.toBe(bundle.node.hostname)
			const text = wholeText(masked)
			const ours = (before.evidence.network?.interfaces ?? [])
				.filter(each => /^(eth|en)/.test(each.name))
				.flatMap(({ addresses }) => addresses.map(({ address }) => address))
			for (const address of ours)
				expect(
					new RegExp(`(?<![\\w.:])${address.replaceAll('.', '\\.')}(?![\\w.:])`).test(text),
					`${name} ${address}`,
				).toBe(false)
			for (const word of identitiesOf(bundle).anywhere)
				if (word.length > 5) expect(text.includes(word), `${name}: ${word}`).toBe(false)
		}
	})

	it('replaces the same by the same, in files, names of files, certificates and commands', async () => {
		const bundle = await openRecording('healthy-server')
		const masked = anonymise(bundle, key)
		const host = masked.node.hostname
		expect(host).toMatch(/^[a-z]\d$/)
		const { evidence, report } = judge(masked)
		expect(report.node.hostname).toBe(host)
		expect(evidence.cluster?.nodes?.map(({ name }) => name)).toEqual([host])
		const serving = evidence.certificates?.certificates.find(({ path }) =>
			path.endsWith('serving-kubelet.crt'),
		)
		expect(serving?.commonName).toBe(host)
		expect(serving?.sans).toContain(host)
		expect(serving?.sans).toContain(report.node.addresses[0])
		const pod = evidence.cluster?.pods?.find(({ namespace }) => namespace !== 'kube-system')
		expect(
			[...masked.files.keys()].some(file => file.includes(`/pods/${pod?.namespace}_${pod?.name}_`)),
		).toBe(true)
		expect(pod?.namespace).toHaveLength('shop'.length)
	})

	it('is another one with another key', async () => {
		const bundle = await openRecording('ha-healthy')
		expect(wholeText(anonymise(bundle))).not.toBe(wholeText(anonymise(bundle)))
		expect(wholeText(anonymise(bundle, key))).toBe(wholeText(anonymise(bundle, key)))
	})

	it('knows nodes and pods that only the log names', () => {
		const log = [
			'time="x" level=info msg="Handling backend connection request [edge-7]"',
			'E1121 kubelet.go:1] "Unable to write" node="cellar-pi" pod="webshop/basket-7d9f8b6c5d-x2x4z"',
			'failed to get lease https://127.0.0.1:6443/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/attic',
			'{"local-member-name":"barn3-0a1b2c3d"} User "system:node:shed4" cannot get nodes at the cluster scope',
		].join('\n')
		const { files } = anonymise(bundleOf({ 'journal/k3s.log': log }), key)
		const masked = files.get('journal/k3s.log') ?? ''
		expect(masked).not.toMatch(/edge-7|cellar-pi|webshop|basket|attic|barn3|shed4/)
		expect(masked).toMatch(/kube-node-lease\/leases\/[a-z]{5}\n/)
		expect(masked).toContain('cannot get nodes at the cluster scope')
	})

	it('keeps common words, and says which', () => {
		const files = {
			'files/etc/hostname': 'server\n',
			'journal/k3s.log': 'Starting k3s server on host server\n',
		}
		const masked = anonymise(bundleOf(files, { hostname: 'server' }), key)
		expect(masked.files.get('journal/k3s.log')).toBe(files['journal/k3s.log'])
		expect(masked.notes.join()).toContain('common words were not replaced: server')
	})

	it('leaves what is no name: plain words of workloads in prose, base64, versions', () => {
		const files = {
			'api/pods.json': JSON.stringify({
				kind: 'List',
				items: [{ kind: 'Pod', metadata: { name: 'banana-7d9f8b6c5d-x2x4z', namespace: 'fruit' } }],
			}),
			'journal/k3s.log': [
				'eating a banana from the fruit bowl',
				'pod="fruit/banana-7d9f8b6c5d-x2x4z" namespaces/fruit/pods',
				'k3s v1.33.1+k3s1 and 1.2.3.4.5',
				`blob ${'QUJD/banana+'.repeat(8)}`,
			].join('\n'),
		}
		const lines = anonymise(bundleOf(files), key).files.get('journal/k3s.log')?.split('\n') ?? []
		expect(lines[0]).toBe('eating a banana from the fruit bowl')
		expect(lines[1]).not.toMatch(/fruit|banana/)
		expect(lines[1]).toMatch(/^pod="([a-z]{5})\/[a-z]{6}-[0-9a-z]{10}-[0-9a-z]{5}" namespaces\/\1\/pods$/)
		expect(lines[2]).toBe('k3s v1.33.1+k3s1 and 1.2.3.4.5')
		expect(lines[3]).toContain('QUJD/banana+')
	})
})

describe('anonymised addresses', () => {
	const addresses = addressesWith(scrambleWith(key))
	const common = (a: string, b: string) => {
		const bits = (text: string) =>
			text
				.split('.')
				.map(part => Number(part).toString(2).padStart(8, '0'))
				.join('')
		let at = 0
		while (at < 32 && bits(a)[at] === bits(b)[at]) at += 1
		return at
	}

	it('keep exactly what they have in common', () => {
		const given = [
			'192.168.7.1',
			'192.168.7.2',
			'192.168.7.130',
			'192.168.8.1',
			'192.168.200.9',
			'10.1.2.3',
			'10.1.2.4',
			'10.200.0.1',
			'172.16.5.5',
			'8.20.30.40',
		]
		const made = given.map(address => addresses.text(address))
		expect(new Set(made).size).toBe(given.length)
		for (const [i, a] of given.entries())
			for (const [j, b] of given.entries()) expect(common(made[i] ?? '', made[j] ?? '')).toBe(common(a, b))
	})

	it('stay private or public, and networks stay networks', () => {
		for (const address of ['10.9.8.7', '192.168.1.1', '172.20.1.1', '100.64.3.3']) {
			const made = addresses.text(address)
			expect(made).not.toBe(address)
			expect(made).toMatch(
				/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/,
			)
		}
		expect(addresses.text('192.168.7.0/24')).toMatch(/^192\.168\.\d+\.0\/24$/)
		const network = addresses.text('192.168.7.0/24').replace(/\.0\/24$/, '.')
		expect(addresses.text('192.168.7.77').startsWith(network)).toBe(true)
		for (const open of [
			'127.0.0.1',
			'10.42.0.5',
			'10.43.0.10',
			'0.0.0.0',
			'255.255.255.0',
			'169.254.169.254',
			'8.8.8.8',
			'224.0.0.1',
			'::1',
			'fe80::',
			'04:10:00',
			'1.2.3',
			'300.1.1.1',
			'10.0.0.0/8',
		])
			expect(addresses.text(open)).toBe(open)
	})

	it('are replaced in every form: IPv6, hardware, hexadecimal', () => {
		const six = addresses.text('2001:db8:1:2::5/64')
		expect(six).toMatch(/^2001:[0-9a-f:]+\/64$/)
		expect(six).not.toContain('db8:1:2')
		expect(addresses.text('52:54:00:12:34:56')).toMatch(/^52:(?:[0-9a-f]{2}:){4}[0-9a-f]{2}$/)
		const dotted = addresses.text('192.168.1.1').split('.').map(Number)
		const hex = dotted
			.toReversed()
			.map(part => part.toString(16).padStart(2, '0').toUpperCase())
			.join('')
		expect(addresses.hex('0101A8C0')).toBe(hex)
	})
})

describe('people in an anonymised bundle', () => {
	const audit = 'files/var/log/k3s-doctor/audit.jsonl'
	const began = (user: string, id: string) =>
		`${JSON.stringify({ audit: 1, at: `2026-11-21T05:0${id}:00.000Z`, id, event: 'begun', who: { user, uid: 1000, tty: 'pts/0', ssh: '192.168.7.9' }, node: 's1', kind: 'remedy', cause: 'disk-full', title: 'Mend it', number: 1, risk: 'safe', fingerprint: '', folder: '/x', planned: [`Delete /home/${user}/big.iso`] })}\n`
	const files = {
		[audit]: began('ann', '1') + began('mark', '2') + began('root', '3') + began('jo.miller', '4'),
		'files/etc/passwd':
			'root:x:0:0:root:/root:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\nsshd:x:101:1::/run:/bin/false\n',
		'commands/ps.txt':
			'   57    1 root     Ssl  Sat k3s server\n   58    1 bob      S    Sat vi /home/bob/x\n',
		'journal/k3s.log': [
			'sudo:     ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/usr/bin/true',
			'sshd[8]: Accepted publickey for mark from 10.0.0.5 port 51244 ssh2',
			'pam_unix(sudo:session): session opened for user root(uid=0) by ann(uid=1000)',
			'unable to mark the node, nor to mark "bob" or anns',
			'mailto jo.miller@lab.example, uid=1001(bob), user=mark',
		].join('\n'),
	}
	const masked = anonymise(bundleOf(files), key)

	it('are not told by the record of actions, nor in any report', async () => {
		const { report } = judge(masked)
		const users = report.actions?.map(({ user }) => user) ?? []
		expect(users).toHaveLength(4)
		expect(users[2]).toBe('root')
		expect(users.map(user => user.length)).toEqual([3, 4, 4, 9])
		for (const format of Object.keys(formats) as Format[]) {
			const text = await renderReport(report, format)
			expect(text, format).not.toMatch(/\b(?:ann|mark|jo\.|miller|192\.168\.7\.9)\b/)
			if (format === 'json') for (const user of users) expect(text).toContain(user)
		}
	})

	it('have the same name wherever they are people, and words stay words', () => {
		const [ann = '', mark = '', , jo = ''] = judge(masked).report.actions?.map(({ user }) => user) ?? []
		const [bob = ''] = /^(\w+):x:1001/m.exec(masked.files.get('files/etc/passwd') ?? '')?.slice(1) ?? []
		expect(new Set([ann, mark, jo, bob, 'ann', 'mark', 'jo.miller', 'bob']).size).toBe(8)
		const log = masked.files.get('journal/k3s.log')?.split('\n') ?? []
		expect(log[0]).toBe(`sudo:     ${ann} : TTY=pts/0 ; PWD=/home/${ann} ; USER=root ; COMMAND=/usr/bin/true`)
		expect(log[1]).toContain(`for ${mark} from `)
		expect(log[2]).toContain(`by ${ann}(uid=1000)`)
		expect(log[3]).toBe('unable to mark the node, nor to mark "bob" or anns')
		expect(log[4]).toContain(`mailto ${jo}@`)
		expect(log[4]).toContain(`uid=1001(${bob}), user=${mark}`)
		expect(masked.files.get('commands/ps.txt')).toContain(` ${bob}      S    Sat vi /home/${bob}/x`)
		expect(masked.files.get(audit)).toContain(`Delete /home/${jo}/big.iso`)
	})
})
