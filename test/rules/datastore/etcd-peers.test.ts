/** No leader: because members are down, because the way to them is blocked, or because this one was put out. */
import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, type Patch, rootsOf } from '../../judge.js'
import { goodStart, info, journalText, type Said, starting, unitShow } from '../unit.js'

const elsewhere = (text: string) => text.replaceAll('10.99.0.', '172.20.5.')

const probe = (host: string, port: number, result: string) => ({ host, port, proto: 'tcp', result, ms: 3 })

function withProbes(...probes: ReturnType<typeof probe>[]): Patch {
	return {
		'probes/ports.json': text => JSON.stringify([...(JSON.parse(text) as unknown[]), ...probes], null, 1),
	}
}

const withoutRules = (text: string) =>
	text
		.split('\n')
		.filter(line => !line.includes('--dport 2380'))
		.join('\n')

const loopbackOpen = (text: string) =>
	JSON.stringify(
		(JSON.parse(text) as { host: string; port: number; result: string }[]).map(one =>
			one.port === 2380 ? { ...one, result: 'open' } : one,
		),
	)

/** A server whose one start ended so many seconds after it began, with this word. */
function endsAfter(second: number, word: string, version?: string): Record<string, string> {
	const at = String(second).padStart(2, '0')
	return {
		'commands/systemctl-show.txt': unitShow({
			ActiveState: 'activating',
			SubState: 'auto-restart',
			Result: 'exit-code',
		}),
		'journal/k3s.log': journalText([
			...goodStart(0, version).slice(0, 2),
			[second, 'k3s', `time="2026-11-21T04:00:${at}Z" level=fatal msg=${JSON.stringify(word)}`],
			[second, 'systemd', "%u: Failed with result 'exit-code'."],
		]),
	}
}

describe('etcd-quorum-lost', () => {
	it('is told on other addresses, by the members that give no sign of life', async () => {
		const examination = await judgeRecording('etcd-quorum-lost', {
			'journal/k3s.log': elsewhere,
			'commands/ss-established.txt': elsewhere,
			'commands/ip-addr.json': elsewhere,
		})
		expect(rootsOf(examination)).toEqual(['etcd-quorum-lost'])
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toMatch(/172\.20\.5\.1[23].*172\.20\.5\.1[23]/)
	})

	it('is told without a word of the health port', async () => {
		const examination = await judgeRecording('etcd-quorum-lost', { 'commands/etcd-health.json': null })
		expect(rootsOf(examination)).toEqual(['etcd-quorum-lost'])
	})

	it('is told by probes, where the flood has washed everything else out of the journal', async () => {
		const examination = await judgeRecording('etcd-quorum-lost', {
			'journal/k3s.log': text =>
				text
					.split('\n')
					.filter(line => line.includes('watch chan error'))
					.join('\n'),
			...withProbes(
				...['10.99.0.12', '10.99.0.13'].flatMap(host =>
					[2379, 2380, 6443].map(port => probe(host, port, 'timeout')),
				),
			),
		})
		expect(rootsOf(examination)).toEqual(['etcd-quorum-lost'])
		expect(examination.report.diagnoses[0]).toMatchObject({ confidence: 'certain' })
	})

	it('is told of a restart without the others, where only elections and dials speak', () => {
		const zap = (msg: string, error?: string) =>
			JSON.stringify({ level: 'warn', ts: '2026-11-21T04:00:30.000Z', caller: 'x.go:1', msg, error })
		const at = (seconds: readonly number[], body: string) =>
			seconds.map((second): Said => [second, 'k3s', body])
		const seconds = [30, 35, 40, 45, 50, 55]
		const lines: Said[] = [
			[5, 'k3s', zap('4f00ad switched to configuration voters=(11 22 33)')],
			...at(seconds, zap('4f00ad is starting a new election at term 9')),
			...at(
				seconds,
				zap('prober detected unhealthy status', 'dial tcp 10.1.1.2:2380: connect: no route to host'),
			),
			...at(seconds, zap('failed to dial', 'dial tcp [fd00::3]:2380: i/o timeout')),
		]
		const examination = judgeFiles(
			starting(
				lines.sort(([a], [b]) => a - b),
				'04:05:00',
			),
		)
		expect(rootsOf(examination)).toEqual(['etcd-quorum-lost'])
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toMatch(/10\.1\.1\.2.*fd00::3.*3 members vote/)
	})

	it('is not told when one of three is down and a leader is there', async () => {
		const dial = (second: string): string =>
			`2026-11-21T05:01:${second}.000000+0000 h2 k3s[57]: {"level":"warn","ts":"2026-11-21T05:01:${second}.000Z","caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","remote-peer-id":"404b5a331dbef56","error":"dial tcp 10.99.0.13:2380: connect: no route to host"}\n`
		const examination = await judgeRecording('ha-healthy', {
			'journal/k3s.log': text => text + ['12', '13', '14', '15'].map(dial).join(''),
			'commands/ss-established.txt': text =>
				text
					.split('\n')
					.filter(line => !line.includes('10.99.0.13'))
					.join('\n'),
		})
		expect(rootsOf(examination)).toEqual([])
		expect(causesOf(examination)).toEqual({ 'etcd-peer-unreachable': 'possible' })
	})

	it('is not told of a server that started seconds ago', () => {
		const words = `E1121 04:00:05.000000     700 watcher.go:336] watch chan error: etcdserver: no leader`
		const files = starting(
			[5, 6, 7, 8].map((second): Said => [second, 'k3s', words]),
			'04:00:20',
			{ 'commands/etcd-health.json': '{"health":"false","reason":"RAFT NO LEADER"}' },
		)
		expect(rootsOf(judgeFiles(files))).toEqual([])
		expect(
			rootsOf(judgeFiles({ ...files, 'commands/date.txt': '2026-11-21T04:06:00,000000000+00:00\n' })),
		).toContain('etcd-quorum-lost')
	})

	it('is over once k3s has been ready for long since', () => {
		const words = `E1121 04:01:00.000000     700 watcher.go:336] watch chan error: etcdserver: no leader`
		const lines = [60, 61, 62, 63].map((second): Said => [second, 'k3s', words])
		const files = {
			'commands/systemctl-show.txt': unitShow(),
			'journal/k3s.log': journalText([...goodStart(), ...lines]),
			'commands/etcd-health.json': '{"health":"true","reason":""}',
			'commands/date.txt': '2026-11-21T06:00:00,000000000+00:00\n',
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('etcd-peer-unreachable', () => {
	it('is told on another port of etcd, by the rule and the peers that are silent', async () => {
		const examination = await judgeRecording('etcd-peer-blocked', {
			'commands/iptables-save.txt': text => text.replaceAll('--dport 2380', '--dport 2379:2380'),
			'probes/ports.json': loopbackOpen,
		})
		expect(rootsOf(examination)[0]).toBe('etcd-peer-unreachable')
		expect(causesOf(examination)['etcd-peer-unreachable']).toBe('certain')
	})

	it('is told where the packet filter could not be read, because a listening port does not answer', async () => {
		const examination = await judgeRecording('etcd-peer-blocked', {
			'commands/iptables-save.txt': null,
			'commands/nft-ruleset.txt': null,
		})
		expect(rootsOf(examination)[0]).toBe('etcd-peer-unreachable')
	})

	it('is told where the other side blocks: the peers live, their etcd does not answer', async () => {
		const patch: Patch = {
			'commands/iptables-save.txt': withoutRules,
			'commands/nft-ruleset.txt': withoutRules,
			'probes/ports.json': loopbackOpen,
		}
		const byConnections = await judgeRecording('etcd-peer-blocked', patch)
		expect(rootsOf(byConnections)[0]).toBe('etcd-peer-unreachable')
		const byProbes = await judgeRecording('etcd-peer-blocked', {
			...patch,
			'commands/ss-established.txt': null,
			'probes/ports.json': text =>
				JSON.stringify([
					...(JSON.parse(loopbackOpen(text)) as unknown[]),
					...['10.99.0.11', '10.99.0.12'].flatMap(host => [
						probe(host, 2380, 'timeout'),
						probe(host, 6443, 'open'),
					]),
				]),
		})
		expect(rootsOf(byProbes)[0]).toBe('etcd-peer-unreachable')
	})

	it('gives way to lost quorum where a rule only keeps strangers out and the peers are dead', async () => {
		const hardened =
			'*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -s 10.99.0.0/24 -p tcp -m tcp --dport 2379:2380 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 2379:2380 -j DROP\nCOMMIT\n'
		const examination = await judgeRecording('etcd-quorum-lost', { 'commands/iptables-save.txt': hardened })
		expect(rootsOf(examination)).toEqual(['etcd-quorum-lost'])
	})

	it('is silent about such rules on a cluster that is well', async () => {
		const rules = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 2380 -j DROP\nCOMMIT\n'
		expect(causesOf(await judgeRecording('ha-healthy', { 'commands/iptables-save.txt': rules }))).toEqual({})
	})

	it('is told when members refuse each other because of their certificates', () => {
		const refusal =
			'{"level":"warn","ts":"2026-11-21T04:01:00.000Z","caller":"embed/config_logging.go:188","msg":"rejected connection on peer endpoint","remote-addr":"10.1.2.3:4444","error":"remote error: tls: bad certificate"}'
		const lines = [60, 61, 62, 63].map((second): Said => [second, 'k3s', refusal])
		const files = {
			'commands/systemctl-show.txt': unitShow(),
			'journal/k3s.log': journalText([...goodStart(), ...lines]),
		}
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'etcd-peer-unreachable': 'likely' })
		const eof = files['journal/k3s.log'].replaceAll('remote error: tls: bad certificate', 'EOF')
		expect(causesOf(judgeFiles({ ...files, 'journal/k3s.log': eof }))).toEqual({})
	})

	it('is told by a join that cannot reach the other server', () => {
		const word =
			'Error: etcd cluster join failed: failed to get cluster members: context deadline exceeded while dialing dial tcp 192.168.7.4:2379: i/o timeout'
		const files = endsAfter(30, word, 'v1.28.4+k3s1')
		expect(rootsOf(judgeFiles(files))).toEqual(['etcd-peer-unreachable'])
	})

	it('deletes exactly the rule that it found, and can put it back', async () => {
		const { report } = await judgeRecording('etcd-peer-blocked')
		const remedy = report.diagnoses[0]?.remedies[0]
		expect(remedy?.steps).toContainEqual({
			run: [
				'iptables',
				'-t',
				'filter',
				'-D',
				'INPUT',
				'-p',
				'tcp',
				'-m',
				'tcp',
				'--dport',
				'2380',
				'-j',
				'DROP',
			],
		})
		expect(remedy?.undo).toHaveLength(remedy?.steps.length ?? 0)
	})
})

describe('etcd-member-conflict', () => {
	it('is told on a removed member, although its health port says no leader', async () => {
		const examination = await judgeRecording('etcd-member-removed-node', { 'journal/k3s.log': elsewhere })
		expect(rootsOf(examination)).toEqual(['etcd-member-conflict'])
		expect(causesOf(examination)).not.toHaveProperty('etcd-quorum-lost')
	})

	it.each([
		'Error: etcd cluster join failed: duplicate node name found, please use a unique name for this node',
		'starting kubernetes: preparing server: start managed database: joining etcd cluster: duplicate node name found, please use a unique name for this node',
		'Error: tombstone file has been detected but --server is empty',
		'Error: etcd: error validating peerURLs {ClusterID:1 Members:[]}: member count is unequal',
	])('is told by the last word: %s', word => {
		const files = endsAfter(3, word)
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'etcd-member-conflict': 'certain' })
	})

	const notMember = (found: string, expected: string) => {
		const body = info(
			`Failed to test etcd connection: this server is not a member of the etcd cluster. Found [${found}], expect: ${expected}`,
		)
		return judgeFiles(
			starting(
				[10, 15, 20].map((second): Said => [second, 'k3s', body]),
				'04:00:40',
			),
		)
	}

	it('is told when the list does not hold this member', () => {
		expect(
			rootsOf(notMember('a-1=https://10.0.0.1:2380 b-2=https://10.0.0.2:2380', 'c-3=https://10.0.0.3:2380')),
		).toEqual(['etcd-member-conflict'])
	})

	it('leaves it to the address, where the list holds this member under another one', () => {
		const examination = notMember(
			'a-1=https://10.0.0.1:2380 c-3=https://10.0.0.3:2380',
			'c-3=https://10.0.0.33:2380',
		)
		expect(causesOf(examination)['etcd-member-conflict']).toBe('possible')
	})

	it('refuses to begin a new cluster: it wants a server to join', async () => {
		const withServer = await judgeRecording('etcd-cluster-reset-others')
		const holds = (examination: typeof withServer) =>
			examination.report.diagnoses[0]?.remedies[0]?.preconditions?.map(condition =>
				'says' in condition ? condition.holds : undefined,
			)
		expect(holds(withServer)).toEqual([true])
		const first = await judgeRecording('etcd-cluster-reset-others', {
			'files/etc/rancher/k3s/config.yaml': 'cluster-init: true\n',
		})
		expect(holds(first)).toEqual([false])
	})

	it('is silent on a healthy member', async () => {
		expect(causesOf(await judgeRecording('ha-healthy'))).toEqual({})
	})
})
