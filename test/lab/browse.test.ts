/**
 * Logs, pods and what can be done with them on a node with a real systemd and journald: keys at a terminal in, what is on
 * the screen out, while the node's logs grow, rotate and vanish and its API comes and goes.
 */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openProgram, type Session } from '../program/session.js'
import { openRecording } from '../recording.js'
import { lastStart } from './healthy.js'
import { type LabNode, makeNode, sweep, whyNot } from './node.js'

const reason = whyNot()
if (reason !== undefined) process.stderr.write(`skipped: logs and pods on a scratch node: ${reason}\n`)

/** Numbers below are those of the nodes on which remedies are proved. */
const ownNumber = 9
const esc = '\u001b'
const shop = 'shop/web-54bb7ddcbd-jnm4c: web'

const cursorRow = (text: string) => text.split('\n').find(row => row.startsWith('❯')) ?? ''
const linesOf = (text: string) => Number(/^ (\d+) lines?/m.exec(text)?.[1])
const isFollowing = (text: string) => /^ \d+ lines?.* following$/m.test(text)
const isExamined = (text: string) =>
	/(DOWN|DEGRADED|AT RISK|HEALTHY|STARTING|LOOK) *\n/.test(text) && !text.includes('examining')

interface Pod {
	metadata: { name: string; namespace?: string; uid: string }
	spec: { unschedulable?: boolean; template?: unknown }
}

describe.skipIf(reason !== undefined)('on a node with a real systemd', () => {
	let node: LabNode
	let session: Session

	/** The app, where it is wanted, once the words are on its screen. */
	async function open(args: readonly string[], words: (text: string) => boolean): Promise<void> {
		const doctor = ['env', 'TERM=xterm-256color', '/usr/local/bin/k3s-doctor', ...args]
		const [file, rest, own] = node.command(...doctor)
		session = openProgram(file, rest, { env: own })
		await session.until(words, `k3s-doctor ${args.join(' ')}`)
	}

	/** Keys, and what they lead to. */
	async function press(keys: string, words: string | RegExp | ((text: string) => boolean)): Promise<string> {
		session.send(keys)
		const seen =
			typeof words === 'function'
				? words
				: (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text))
		return session.until(seen, `after ${JSON.stringify(keys)}: ${words}`)
	}

	const until = (words: (text: string) => boolean, what: string) => session.until(words, what)
	const cursorOn = (words: string) => (text: string) => cursorRow(text).includes(words)

	async function shell(script: string): Promise<void> {
		expect(await node.sh(`set -e\n${script}`), script).toBe(0)
	}

	/** k3s itself says this now. */
	async function say(...messages: string[]): Promise<void> {
		const lines = messages.map(words => `I0101 00:00:00.000000 1 said.go:1] ${words}\n`)
		node.put(
			'opt/lab/say',
			lines
				.join('')
				.replaceAll('I0101 00:00:00.000000 1 said.go:1] E ', 'E0101 00:00:00.000000 1 said.go:1] '),
		)
		await shell('kill -USR2 $(systemctl show -p MainPID --value k3s)')
	}

	const listed = (plural: string) =>
		(JSON.parse(node.text(`var/lib/lab/api/${plural}.json`)) as { items: Pod[] }).items
	const podNames = () => listed('pods').map(({ metadata }) => metadata.name)
	const audit = () => {
		const path = node.at('var/log/k3s-doctor/audit.jsonl')
		if (!existsSync(path)) return []
		const lines = readFileSync(path, 'utf8').trim().split('\n')
		return lines.map(line => JSON.parse(line) as { event: string; title?: string; argv?: string[] })
	}

	beforeAll(async () => {
		await sweep()
		node = await makeNode(ownNumber)
	}, 300_000)
	afterAll(() => node?.remove(), 60_000)
	beforeEach(() => node.reset())
	afterEach(() => session?.close())

	it('the journal of k3s is followed, left alone, searched and filtered', async () => {
		await open(['logs'], text => isFollowing(text) && cursorRow(text).includes('Adding GroupVersion'))
		await say('a needle one')
		await until(cursorOn('a needle one'), 'what k3s says')
		const before = linesOf(await press('k', 'f follows'))
		await say('a needle two')
		const standing = await until(text => linesOf(text) === before + 1, 'one line more')
		expect(standing).not.toContain('a needle two')
		await press('G', text => isFollowing(text) && cursorRow(text).includes('a needle two'))
		// Also when following was ended by its own key.
		await press('f', 'f follows')
		await press('G', isFollowing)
		await say('a needle three')
		expect(await until(cursorOn('a needle three'), 'what k3s says')).not.toContain('The log ended')

		await press('/needle\r', '3 hits "needle"')
		await press('g', / 1\/\d+/)
		await press('n', cursorOn('a needle one'))
		await press('n', cursorOn('a needle two'))
		await press('N', cursorOn('a needle one'))
		await press(esc, text => !text.includes('"needle"'))

		await press('&needle\r', '3 shown')
		await press('G', isFollowing)
		await say('nothing of it', 'a needle four')
		const filtered = await until(cursorOn('a needle four'), 'what passes the filter')
		expect(filtered).toContain('4 shown')
		expect(filtered).not.toContain('nothing of it')
		await press(esc, 'nothing of it')

		await say('E it broke', 'and went on')
		await press('G', cursorOn('and went on'))
		await press('E', text => / E it broke/.test(cursorRow(text)))
		await press('e', 'No further error below.')
	})

	it('starts of k3s are told with what became of them', async () => {
		const says = lastStart(await openRecording('kubelet-arg-unknown'), undefined, true)
		node.faults([{ when: '[ -e /opt/lab/broken ]', says, exit: 1 }])
		await shell('touch /opt/lab/broken; systemctl restart k3s || rm /opt/lab/broken; systemctl restart k3s')
		await open(['logs'], text => isExamined(text) && isFollowing(text))
		const starts = await press('p', /k3s starts, 3 of 3 starts: ready after/)
		expect(cursorRow(starts)).toContain('Starting k3s v')
		await press('p', /k3s starts, 2 of 3 starts: .*ended with a fatal error after/)
		await press('p', /k3s starts, 1 of 3 starts: ready after \S+, was stopped after/)
		await press('p', 'No further start of k3s above.')
		// What happens while one looks on is told as well.
		const before = linesOf(await press('G', isFollowing))
		await shell('systemctl restart k3s')
		const isStarted = (text: string) =>
			linesOf(text) > before + 100 && cursorRow(text).includes('Adding Group')
		await until(isStarted, 'the start that is seen')
		await press('p', /k3s starts, 4 of 4 starts: ready after/)
		await press('p', /k3s starts, 3 of 4 starts: ready after \S+, was stopped after/)
	})

	it('other logs are picked, and read with this one by time, also units that systemd has forgotten', async () => {
		node.put(
			'etc/systemd/system/neighbour.service',
			'[Service]\nType=oneshot\nExecStart=/bin/echo the neighbour speaks\n',
		)
		await shell('systemctl daemon-reload; systemctl start neighbour')
		await open(['logs'], isFollowing)
		await press('s', 'Of this log')
		await press('/kernel\r', /^❯ kernel/m)
		expect(await press('\r', '› the kernel')).not.toContain('The log ended')
		await press('s', 'Of this log')
		await press('/neighbour\r', /^❯ neighbour\.service/m)
		await press('\r', text => text.includes('› neighbour') && cursorRow(text).includes('Finished neighbour'))

		await press('M', 'read together with neighbour')
		await press('/k3s.service\r', /^❯ k3s\.service/m)
		await press('\r', text => text.includes('neighbour + k3s') && isFollowing(text))
		await say('k3s before')
		await until(cursorOn('k3s before'), 'k3s')
		await shell('systemctl start neighbour')
		await until(cursorOn('Finished neighbour'), 'the neighbour')
		await say('k3s after')
		const both = await until(cursorOn('k3s after'), 'k3s again')
		// What systemd and the unit itself say reaches the journal in any order.
		expect(both).toMatch(/ 2 k3s before\n(?:.* 1 .*\n)+❯.* 2 k3s after/)
		expect(both).toContain(' 1 the neighbour speaks')
	})

	it('a journal that is rotated and vacuumed while it is followed goes on', async () => {
		await open(['logs'], isFollowing)
		await say('before the rotation')
		await until(cursorOn('before the rotation'), 'a line')
		await shell('journalctl --rotate')
		await say('after the rotation')
		await until(cursorOn('after the rotation'), 'a line after the rotation')
		await shell('journalctl --rotate; journalctl --vacuum-time=1ms')
		await say('after the vacuum')
		await until(cursorOn('after the vacuum'), 'a line after the vacuum')
		await shell('systemctl restart systemd-journald')
		await say('after journald')
		const seen = await until(cursorOn('after journald'), 'a line after the restart of journald')
		expect(isFollowing(seen)).toBe(true)
		expect(seen).toMatch(/before the rotation\n(?:.*\n)*.*after the rotation\n/)
		expect(await press('g', / 1\/\d+$/m)).not.toContain('The log ended')
	})

	/** Logs of the pods' containers, as the kubelet lays them; the shop's has two instances. */
	async function layPodLogs(): Promise<string> {
		const pods = JSON.parse(node.text('opt/lab/crictl/pods.json')) as { items: Pod[] }
		const told = (at: number, words: string) => `2026-11-21T04:00:0${at}.000000000Z stdout F ${words}\n`
		let own = ''
		for (const { metadata } of pods.items) {
			const container = /^(.*?)(?:-[0-9a-f]+)?-[0-9a-z]{5}$/.exec(metadata.name)?.[1] ?? ''
			const folder = `var/log/pods/${metadata.namespace}_${metadata.name}_${metadata.uid}/${container}`
			if (container === 'web') own = folder
			node.put(`${folder}/0.log`, told(1, 'the first instance begins') + told(2, 'the first instance ends'))
			node.put(`${folder}/1.log`, told(3, 'line 1 of the shop'))
			node.put(`var/lib/kubelet/pods/${metadata.uid}/etc-hosts`, '')
		}
		return `/${own}`
	}

	it('pods are told while the API is down, and their logs are read on through rotations and restarts', async () => {
		const folder = await layPodLogs()
		const has = (words: string) => (text: string) => text.includes(words) && / 4 pods,/.test(text)
		await open(['pods'], has('Told by Kubernetes API, live'))
		await shell('touch /opt/lab/runtime; systemctl stop k3s')
		expect(await until(has('Told by crictl since'), 'crictl speaks')).toMatch(/the API: .*refused/s)
		await shell('rm /opt/lab/runtime')
		const files = await until(has("Told by the kubelet's files since"), 'the files speak')
		expect(files).toMatch(/crictl: connection refused/)

		await press('G', cursorOn('shop'))
		await press('r', 'The Kubernetes API would have to do it, and it does not answer.')
		await press('l', text => text.includes(shop) && isFollowing(text))
		await until(cursorOn('line 1 of the shop'), 'the log of the container')
		let count = 1
		const write = (to: string, lines: number) => {
			const first = count + 1
			count += lines
			return `for n in $(seq ${first} ${count}); do echo "$(date -u +%FT%T.%N)Z stdout F line $n of the shop"; done >> ${to}\n`
		}
		for (const round of [1, 2, 3]) {
			const older = `1.log.2026112${round}-040000`
			await shell(
				`cd ${folder}; ${write('1.log', 40)}
				for each in 1.log.*; do case $each in *.gz|*\\*) ;; *) gzip $each;; esac; done
				mv 1.log ${older}; ${write(older, 3)} ${write('1.log', 700)}`,
			)
			await until(cursorOn(`line ${count} of the shop`), `rotation ${round}`)
		}
		await press('S', 'Save what is shown as')
		await press('\u0015/root/saved.txt\r', /saved/i)
		const saved = () =>
			[...node.text('root/saved.txt').matchAll(/F line (\d+) of the shop$/gm)].map(([, number]) =>
				Number(number),
			)
		await expect.poll(saved).toEqual(Array.from({ length: count }, (_, index) => index + 1))

		await shell(`cd ${folder}; rm 0.log; ${write('1.log', 1)} ${write('2.log', 1)}`)
		await until(cursorOn(`line ${count} of the shop`), 'the next instance')
		await press(
			'p',
			text => text.includes(`${shop} (previous)`) && cursorRow(text).includes(`line ${count - 1} of`),
		)
		await press(esc, "Told by the kubelet's files")

		await shell('systemctl start k3s')
		await until(has('Told by Kubernetes API, live'), 'the API is back')
	})

	/** The plan on the screen is carried out and looked at. */
	async function carryOut(): Promise<string> {
		await until(text => /^ (?:x run|Nothing was run)/m.test(text), 'the plan')
		await press('x', 'y/N')
		await press('y', '› run')
		return until(text => /│ (?:DONE|NOT KNOWN|failed|not run)/.test(text), 'the end of it')
	}

	it('what is done with pods and nodes is shown, confirmed, done, and written down', async () => {
		const [before] = podNames().filter(name => name.startsWith('web-'))
		await open(['pods'], text => text.includes('Told by Kubernetes API, live') && isExamined(text))
		await press('G', cursorOn('shop'))
		await press('r', 'what can be done')
		await press('\r', `k3s kubectl delete -n shop pod/${before} --wait=false`)
		await until(text => /^ (?:x run|Nothing was run)/m.test(text), 'the plan')
		await press('x', 'y/N')
		await press('n', text => !text.includes('y/N'))
		expect(podNames()).toContain(before)
		expect(audit()).toEqual([])

		expect(await carryOut()).toContain('Done: the one step was carried out.')
		expect(podNames()).not.toContain(before)
		const [after] = podNames().filter(name => name.startsWith('web-'))
		await press('2', '› run')
		await press(esc, 'what can be done')
		await press(esc, cursorOn('shop'))
		await until(cursorOn(`shop        ${after}`), 'the pod in its place')

		await press('r', 'Restart Deployment shop/web')
		await press('j', cursorOn('Restart Deployment'))
		await press('\r', 'k3s kubectl rollout restart -n shop deployment/web')
		await carryOut()
		expect(podNames()).not.toContain(after)
		const web = listed('deployments').find(({ metadata }) => metadata.name === 'web')
		expect(JSON.stringify(web?.spec.template)).toContain('kubectl.kubernetes.io/restartedAt')

		await press(':nodes\r', cursorOn('s1'))
		await press('r', cursorOn('Cordon the node s1'))
		await press('\r', 'k3s kubectl cordon s1')
		await carryOut()
		expect(listed('nodes')[0]?.spec.unschedulable).toBe(true)
		await press(':nodes\r', text => cursorRow(text).includes('SchedulingDisabled'))
		await press('r', cursorOn('Uncordon the node s1'))
		await press('\r', 'k3s kubectl uncordon s1')
		await carryOut()
		expect(listed('nodes')[0]?.spec.unschedulable).toBe(false)

		const history = await press('6', 'What was done on this node')
		expect(history).toMatch(/4\. Uncordon the node s1 +done\n.* root on pts.*\n *3\. Cordon the node s1/)
		const lines = audit()
		expect(lines.flatMap(({ event, title }) => (event === 'begun' ? [title] : []))).toEqual([
			`Delete the pod shop/${before}`,
			'Restart Deployment shop/web',
			'Cordon the node s1',
			'Uncordon the node s1',
		])
		expect(lines.filter(({ event }) => event === 'ended')).toHaveLength(4)
	})

	it('nothing is done with a pod when only reading is allowed', async () => {
		const pods = podNames()
		await open(
			['pods', '--read-only'],
			text => text.includes('Told by Kubernetes API, live') && isExamined(text),
		)
		await press('r', 'what can be done')
		await press('\r', 'k3s kubectl delete')
		await press('x', 'the doctor was started with --read-only')
		await press('y', text => !text.includes('› run'))
		expect(podNames()).toEqual(pods)
		expect(audit()).toEqual([])
	})

	it('the line that a diagnosis quotes is opened where it stands, and leads back', async () => {
		const says = lastStart(await openRecording('kubelet-arg-unknown'), undefined, true)
		node.faults([{ when: 'true', says, exit: 1 }])
		await node.sh(
			'printf "kubelet-arg:\\n  - eviction-hrad=memory.available<200Mi\\n" >> /etc/rancher/k3s/config.yaml; systemctl restart k3s',
		)
		await open([], text => isExamined(text) && text.includes('DOWN'))
		const quoted = await press('v', cursorOn('►F Error: failed to parse kubelet flag: unknown flag'))
		expect(quoted).toContain('quoted by component-arg-invalid, Enter opens it')
		await press('\r', '› journal/k3s.log › component-arg-invalid')
		await press(esc, cursorOn('unknown flag: --eviction-hrad'))
		await press(esc, text => !text.includes('› journal/k3s.log'))
		// From the diagnosis itself Enter leads back to it, not one level deeper.
		await press('\r', '› Diagnoses › component-arg-invalid')
		await press('v', cursorOn('unknown flag: --eviction-hrad'))
		await press('\r', '› Diagnoses › component-arg-invalid   ')
	})
})
