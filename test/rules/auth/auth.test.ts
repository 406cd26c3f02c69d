import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, agentUnit, joins, waitingAgent } from '../agent.js'
import {
	crashing,
	error,
	fatal,
	goodStart,
	info,
	journalText,
	listed,
	listingEntry,
	restarting,
	running,
	unitShow,
} from '../unit.js'

const joiningServer = (url = 'https://first.example:6443') => ({
	'files/etc/rancher/k3s/config.yaml': `server: ${url}\ntoken: <redacted>\n`,
})

describe('token-wrong', () => {
	it.each([
		[
			'an empty one',
			error(
				'Failed to validate connection to cluster at https://rancher.example:6443: token must not be empty',
			),
		],
		[
			'one without form',
			error('Failed to validate connection to cluster at https://rancher.example:6443: invalid token format'),
		],
		['one that was cut off', error('failed to validate token: invalid token CA hash length')],
		[
			'one of another cluster, first join',
			info(
				'Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized',
			),
		],
		[
			'in older words',
			info(
				'Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized',
			),
		],
	])('fires on %s', (_what, body) => {
		expect(rootsOf(judgeFiles(waitingAgent(body, joins()), agentNode))).toEqual(['token-wrong'])
	})

	it.each([
		'Error: --token is required',
		'--token is required',
		'Error: preparing server: failed to normalize server token; must be in format K10<CA-HASH>::<USERNAME>:<PASSWORD>',
		'Error: preparing server: token is required to join a cluster',
		'starting kubernetes: preparing server: failed to get CA certs: https://first.example:6443/cacerts: 401 Unauthorized',
		'Error: preparing server: failed to bootstrap cluster data: not authorized',
	])('fires on the last word: %s', word => {
		expect(causesOf(judgeFiles(crashing(word, joiningServer())))).toMatchObject({ 'token-wrong': 'certain' })
	})

	it('sees an empty token in the configuration', () => {
		const files = crashing('Error: something else', {
			'files/etc/rancher/k3s/config.yaml': 'server: https://first.example:6443\ntoken: ""\n',
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'token-wrong': 'certain' })
	})

	it('is silent where a wrong token does no harm, because the node has its certificate', async () => {
		expect(causesOf(await judgeRecording('agent-token-wrong-latent'))).not.toHaveProperty('token-wrong')
	})

	it('is silent when a running agent is refused because of its certificate', async () => {
		expect(causesOf(await judgeRecording('agent-cert-expired'))).not.toHaveProperty('token-wrong')
	})

	it('is silent while the server is only starting', () => {
		const body = info(
			'Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/config: 503 Service Unavailable',
		)
		expect(causesOf(judgeFiles(waitingAgent(body, joins()), agentNode))).not.toHaveProperty('token-wrong')
	})

	it('shows the way also when it is asked without a node at hand', () => {
		const { report } = judgeFiles(waitingAgent(error('token must not be empty')), agentNode)
		expect(JSON.stringify(report.diagnoses[0]?.remedies)).toContain('node-token')
	})
})

describe('join-non-ha-server', () => {
	it.each([
		'Error: preparing server: failed to bootstrap cluster data: etcd disabled',
		'starting kubernetes: preparing server: https://first.example:6443/v1-k3s/server-bootstrap: 403 Forbidden',
		'Error: preparing server: failed to bootstrap cluster data: https://first.example:6443/v1-k3s/server-bootstrap: 400 Bad Request',
	])('fires on %s', word => {
		const examination = judgeFiles(crashing(word, joiningServer()))
		expect(rootsOf(examination)).toEqual(['join-non-ha-server'])
		expect(JSON.stringify(examination.report.diagnoses[0]?.remedies)).toContain('first.example')
	})

	it('is silent on a server that joins nobody', () => {
		const word =
			'Error: preparing server: failed to bootstrap cluster data: token CA hash does not match the Cluster CA certificate hash: a != b'
		expect(causesOf(judgeFiles(crashing(word)))).not.toHaveProperty('join-non-ha-server')
		expect(causesOf(judgeFiles(crashing('Error: etcd-snapshot: etcd disabled')))).not.toHaveProperty(
			'join-non-ha-server',
		)
	})

	it('is silent on a member of a healthy cluster, which names a server too', async () => {
		expect(causesOf(await judgeRecording('ha-healthy'))).not.toHaveProperty('join-non-ha-server')
	})
})

describe('token-bootstrap-mismatch', () => {
	it.each([
		'Error: preparing server: failed to bootstrap cluster data: bootstrap data already found and encrypted with different token',
		'starting kubernetes: preparing server: bootstrap data already found and encrypted with different token',
		'Error: preparing server: failed to bootstrap cluster data: no bootstrap data found in datastore - check server token value and verify datastore integrity',
		'Error: preparing server: failed to bootstrap cluster data: failed to reconcile with local datastore: cipher: message authentication failed',
	])('fires on %s', word => {
		const examination = judgeFiles(crashing(word))
		expect(rootsOf(examination)).toEqual(['token-bootstrap-mismatch'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.title).toContain('token')
	})

	it('takes exactly the named files away, whatever they are', () => {
		const word = fatal(
			'/srv/k3s/server/cred/ipsec.psk, /srv/k3s/server/cred/passwd newer than datastore and could cause a cluster outage. Remove the file(s) from disk and restart to be recreated from datastore.',
		)
		const examination = judgeFiles(crashing(word), { dataDir: '/srv/k3s' })
		expect(rootsOf(examination)).toEqual(['token-bootstrap-mismatch'])
		const removed = examination.report.diagnoses[0]?.remedies[0]?.steps.filter(step => 'remove' in step)
		expect(removed).toEqual([
			{ remove: '/srv/k3s/server/cred/ipsec.psk' },
			{ remove: '/srv/k3s/server/cred/passwd' },
		])
	})

	it('never takes a file away that lies elsewhere', () => {
		const word = fatal(
			'/etc/passwd, /var/lib/rancher/k3s/server/../../x newer than datastore and could cause a cluster outage. Remove the file(s)',
		)
		const { report } = judgeFiles(crashing(word))
		expect(JSON.stringify(report.diagnoses[0]?.remedies)).not.toContain('"remove"')
	})

	it('follows from an empty key, where that is what is newer', () => {
		const key = '/var/lib/rancher/k3s/server/tls/request-header-ca.key'
		const word = fatal(
			`${key} newer than datastore and could cause a cluster outage. Remove the file(s) from disk and restart`,
		)
		const examination = judgeFiles(crashing(word, { 'commands/files.tsv': listed(key, { size: 0 }) }), {}, [
			listingEntry,
		])
		expect(rootsOf(examination)).toEqual(['cert-key-mismatch'])
		expect(causesOf(examination)).toMatchObject({ 'token-bootstrap-mismatch': 'certain' })
	})

	it('is silent when the datastore simply updates the files', () => {
		const lines = [
			[30, 'k3s', info('/var/lib/rancher/k3s/server/tls/server-ca.crt will be updated from the datastore.')],
			[30, 'k3s', `time="x" level=warning msg="found multiple bootstrap keys in storage"`],
		] as [number, string, string][]
		expect(causesOf(judgeFiles(running({}, lines)))).toEqual({})
	})
})

describe('node-password-rejected', () => {
	const rejected = info(
		"Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag",
	)

	it('fires, and names the secret of this very node', () => {
		const examination = judgeFiles(waitingAgent(rejected, joins()), { ...agentNode, hostname: 'edge-07' })
		expect(rootsOf(examination)).toEqual(['node-password-rejected'])
		expect(JSON.stringify(examination.report.diagnoses[0]?.remedies)).toContain('edge-07.node-password.k3s')
	})

	it('takes the name from the configuration, and none that is no name', () => {
		const named = (name: string) =>
			JSON.stringify(
				judgeFiles(
					waitingAgent(rejected, {
						...joins(),
						'files/etc/rancher/k3s/config.yaml': `node-name: "${name}"\n`,
					}),
					agentNode,
				).report.diagnoses[0]?.remedies,
			)
		expect(named('rack-3')).toContain('rack-3.node-password.k3s')
		expect(named('a; rm -rf /')).not.toContain('rm -rf')
	})

	it('fires on the older words of a server that is asked', () => {
		const body = info(
			'Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 403 Forbidden',
		)
		expect(causesOf(judgeFiles(waitingAgent(body, joins()), agentNode))).toMatchObject({
			'node-password-rejected': 'certain',
		})
	})

	it('is silent once the agent got past it', () => {
		const files = {
			'commands/systemctl-show.txt': agentUnit(),
			'journal/k3s-agent.log': journalText(
				[
					...goodStart().slice(0, 2),
					[2, 'k3s', rejected],
					[3, 'k3s', info('k3s agent is up and running')],
					[3, 'systemd', 'Started %u - Lightweight Kubernetes.'],
				],
				'k3s-agent.service',
			),
		}
		expect(causesOf(judgeFiles(files, agentNode))).toEqual({})
	})

	it('is silent on a server that only sees another host rejected', () => {
		const words = error('unable to verify password for node edge-9: hash does not match')
		expect(causesOf(judgeFiles(running({}, [[40, 'k3s', words]])))).toMatchObject({
			'node-password-rejected': 'possible',
		})
	})
})

describe('rbac-denied', () => {
	const forbidden = (second: number): [number, string, string] => [
		second,
		'k3s',
		`E1121 04:10:00.000000     700 reflector.go:1] "Failed to watch" err="failed to list *v1.Node: nodes is forbidden: User \\"system:k3s-controller\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope"`,
	]

	it('fires when k3s itself is refused again and again, long after its start', () => {
		const files = running({ 'commands/date.txt': '2026-11-21T04:06:00,000000000+00:00\n' }, [
			forbidden(300),
			forbidden(310),
			forbidden(320),
		])
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'rbac-denied': 'likely' })
	})

	it('is silent while the rights are still being made, and when it is long over', () => {
		const now = { 'commands/date.txt': '2026-11-21T04:02:00,000000000+00:00\n' }
		expect(causesOf(judgeFiles(running(now, [forbidden(5), forbidden(6), forbidden(7)])))).not.toHaveProperty(
			'rbac-denied',
		)
		const later = { 'commands/date.txt': '2026-11-21T09:00:00,000000000+00:00\n' }
		expect(
			causesOf(judgeFiles(running(later, [forbidden(300), forbidden(310), forbidden(320)]))),
		).not.toHaveProperty('rbac-denied')
	})

	it('is silent on an agent whose credentials see little: that is right', async () => {
		expect(causesOf(await judgeRecording('agent-token-wrong-latent'))).toEqual({})
	})

	it('is silent on a user who may not', () => {
		const words = '"Unhandled" err="pods is forbidden: User \\"jane\\" cannot list resource \\"pods\\""'
		const lines = [300, 310, 320].map(
			second => [second, 'k3s', `E1121 04:05:00.000000     700 x.go:1] ${words}`] as [number, string, string],
		)
		const files = running({ 'commands/date.txt': '2026-11-21T04:06:00,000000000+00:00\n' }, lines)
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('rbac-denied')
	})
})

describe('units of another name', () => {
	it('restarts the unit that there is', () => {
		const { report } = judgeFiles(
			{
				'commands/systemctl-show.txt': unitShow({ Id: 'k3s-edge.service', ...restarting }),
				'journal/k3s-edge.log': journalText(
					[
						[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
						[1, 'k3s', info('Starting k3s v1.33.4+k3s1 (abcdef12)')],
						[
							2,
							'k3s',
							fatal(
								'/var/lib/rancher/k3s/server/tls/server-ca.key newer than datastore and could cause a cluster outage. Remove',
							),
						],
						[2, 'systemd', "%u: Failed with result 'exit-code'."],
					],
					'k3s-edge.service',
				),
			},
			{ unit: 'k3s-edge.service' },
		)
		expect(report.diagnoses[0]?.remedies[0]?.steps).toContainEqual({
			run: ['systemctl', '--no-block', 'restart', 'k3s-edge.service'],
		})
	})
})
