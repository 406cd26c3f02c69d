/** Messages that are no words but a state: of the unit, the node object, a certificate, the data on disk. */
import { printedCertificate } from '../rules/certs/certificate-text.js'
import { ago, died, event, node, pod } from '../rules/cluster-text.js'
import { begins, journalText, listed, listingEntry, running, unitShow } from '../rules/unit.js'
import type { Row } from './rows.js'
import { body } from './said.js'
import { apiScene, keepsSaying, nodeOf, type Scene, show } from './scene.js'

const date = { 'commands/date.txt': '2026-11-21T04:10:00,000000000+00:00\n' }

function inactive(row: Row): Scene[] {
	const stopped = {
		ActiveState: 'inactive',
		SubState: 'dead',
		ActiveEnterTimestamp: '',
		UnitFileState: row.text,
		LoadState: row.text === 'masked' ? 'masked' : 'loaded',
	}
	return [
		{
			form: row.text,
			node: nodeOf(row.role),
			files: { 'commands/systemctl-show.txt': show(row.role, stopped), ...date },
		},
	]
}

function binaryAlone(): Scene[] {
	const absent = {
		ActiveState: 'inactive',
		SubState: 'dead',
		ActiveEnterTimestamp: '',
		LoadState: 'not-found',
		FragmentPath: '',
		UnitFileState: '',
	}
	return [
		{
			form: 'binary without unit',
			node: {},
			files: {
				'commands/systemctl-show.txt': unitShow(absent, []),
				'commands/files.tsv':
					listed('/etc/systemd/system', { type: 'd' }) +
					listed('/usr/local/bin/k3s', { mode: '755', size: 70_000_000 }),
				...date,
			},
			entries: [listingEntry],
		},
	]
}

/** systemd gave up a start that was still waiting for its server. */
function startTimeout(row: Row): Scene[] {
	const wait = 'Waiting to retrieve agent configuration; server is not ready: 503 Service Unavailable'
	const attempt = (second: number) =>
		journalText(
			[
				[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[second + 1, 'k3s', begins('v1.33.4+k3s1', row.role)],
				[second + 20, 'k3s', `time="2026-11-21T04:00:00Z" level=info msg="${wait}"`],
				[second + 90, 'systemd', '%u: start operation timed out. Terminating.'],
				[second + 91, 'systemd', "%u: Failed with result 'timeout'."],
				[second + 91, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
			],
			'k3s-agent.service',
		)
	const unit = { ActiveState: 'activating', SubState: 'auto-restart', Result: 'timeout', NRestarts: '5' }
	return [
		{
			form: 'limit of systemd',
			node: nodeOf(row.role),
			files: {
				'commands/systemctl-show.txt': show(row.role, unit),
				'journal/k3s-agent.log': attempt(0) + attempt(100),
				...date,
			},
		},
	]
}

function uninitialisedNetwork(row: Row): Scene[] {
	const self = node({ ready: false, reason: 'KubeletNotReady', message: row.text, since: ago(540) })
	return [apiScene(row.role, { nodes: [self] })]
}

function silentNode(row: Row): Scene[] {
	const self = node({ ready: false, reason: 'NodeStatusUnknown', message: row.text, since: ago(400) })
	const status = self.status as { conditions: { status: string }[] }
	for (const condition of status.conditions) condition.status = 'Unknown'
	return [apiScene(row.role, { nodes: [self] })]
}

function tainted(row: Row): Scene[] {
	const [, key = '', value = '', effect = ''] = /^(.*)=(.*):(.*)$/.exec(row.text) ?? []
	const homeless = pod({
		on: '',
		created: ago(300),
		unschedulable: `0/1 nodes are available: 1 node(s) had untolerated taint {${key}: ${value}}.`,
	})
	return [apiScene(row.role, { nodes: [node({ taints: [{ key, value, effect }] })], pods: [homeless] })]
}

function pulling(row: Row): Scene[] {
	const image = 'rancher/mirrored-coredns-coredns:1.12.3'
	const message = `failed to pull and unpack image "docker.io/${image}": failed to do request: Head "https://registry-1.docker.io/v2/rancher/mirrored-coredns-coredns/manifests/1.12.3": dial tcp 3.9.1.1:443: i/o timeout`
	const coredns = pod({
		namespace: 'kube-system',
		name: 'coredns-7f9c-abcde',
		created: ago(500),
		labels: { 'k8s-app': 'kube-dns' },
		containers: [{ name: 'coredns', image, state: { waiting: { reason: 'ImagePullBackOff', message } } }],
	})
	return [apiScene(row.role, { pods: [coredns] })]
}

function loadBalancer(row: Row): Scene[] {
	const svclb = pod({
		namespace: 'kube-system',
		name: 'svclb-shop-4d1f0a2b-9xk2p',
		on: '',
		created: ago(300),
		unschedulable: row.text,
	})
	const service = {
		metadata: { namespace: 'shop', name: 'shop', creationTimestamp: ago(300) },
		spec: { type: 'LoadBalancer', ports: [{ port: 443, protocol: 'TCP' }] },
		status: { loadBalancer: {} },
	}
	return [apiScene(row.role, { pods: [svclb], services: [service] })]
}

function metricsApi(row: Row): Scene[] {
	const service = {
		metadata: { name: 'v1beta1.metrics.k8s.io', creationTimestamp: ago(80_000) },
		spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
		status: {
			conditions: [
				{ type: 'Available', status: 'False', reason: row.text, message: 'x', lastTransitionTime: ago(480) },
			],
		},
	}
	return [apiScene(row.role, { apiservices: [service] })]
}

function killedAtLimit(row: Row): Scene[] {
	const killed = {
		restarts: 3,
		limits: { memory: '96Mi' },
		state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
		last: died(137, 20, 'OOMKilled'),
	}
	return [apiScene(row.role, { pods: [pod({ created: ago(400), containers: [killed] })] })]
}

function crashLoop(row: Row): Scene[] {
	const loop = {
		restarts: 6,
		state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
		last: died(3, 40),
	}
	const backOff = event({
		reason: 'BackOff',
		message: 'Back-off restarting failed container main',
		count: 22,
	})
	return [apiScene(row.role, { pods: [pod({ created: ago(500), containers: [loop] })], events: [backOff] })]
}

function changedDatastore(): Scene[] {
	return [
		{
			form: 'SQLite data and an endpoint',
			node: {},
			files: running({
				...date,
				'files/etc/rancher/k3s/config.yaml':
					'datastore-endpoint: "mysql://kine:<redacted>@tcp(maria.example:3306)/kine"\n',
				'commands/files.tsv': listed('/var/lib/rancher/k3s/server/db/state.db', { size: 7_100_544 }),
			}),
			entries: [listingEntry],
		},
	]
}

function expiring(): Scene[] {
	const path = 'files/var/lib/rancher/k3s/server/tls/client-admin.crt'
	const certificate = printedCertificate({
		subject: 'O = system:masters, CN = system:admin',
		to: '2026-12-30',
	})
	return [{ form: 'certificate', node: {}, files: running({ ...date, [path]: certificate }) }]
}

/** A name that nobody has given is known below the search domain. */
function wildcard(): Scene[] {
	const asked = 'k3s-doctor-asks.home.example'
	return [
		{
			form: 'lookups',
			node: {},
			files: running({
				...date,
				'files/etc/resolv.conf': 'nameserver 192.168.1.1\nsearch home.example\n',
				[`commands/getent-${asked}.txt`]: '203.0.113.80 STREAM wild.home.example\n203.0.113.80 DGRAM\n',
			}),
			entries: [{ file: `commands/getent-${asked}.txt`, argv: ['getent', 'ahosts', asked], exit: 0 }],
		},
	]
}

/** The policies of a cluster that has some are not enforced on this node. */
function unenforced(row: Row): Scene[] {
	const policy = {
		metadata: { namespace: 'shop', name: 'only-web', creationTimestamp: ago(90_000) },
		spec: { podSelector: {}, policyTypes: ['Ingress'] },
	}
	const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [policy] })
	return [
		keepsSaying(row.role, [body(row.text, 'warning')], { more: { 'api/networkpolicies.json': list } }, 1),
	]
}

export const stateScenes: Record<string, (row: Row) => Scene[]> = {
	inactive,
	'binary-alone': binaryAlone,
	'start-timeout': startTimeout,
	'cni-uninitialized': uninitialisedNetwork,
	'node-unknown': silentNode,
	cordoned: row => [apiScene(row.role, { nodes: [node({ unschedulable: true })] })],
	tainted,
	'coredns-pull': pulling,
	'svclb-pending': loadBalancer,
	'metrics-api': metricsApi,
	oomkilled: killedAtLimit,
	crashloop: crashLoop,
	terminating: row => [
		apiScene(row.role, {
			pods: [pod({ deleted: ago(900), created: ago(4000), finalizers: ['backup.example.org/save'] })],
		}),
	],
	'datastore-switched': changedDatastore,
	'cert-expiring': expiring,
	'wildcard-search': wildcard,
	'policy-unenforced': unenforced,
}
