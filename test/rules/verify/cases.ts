/** For each check of verify: evidence with which it passes, with which it does not, and without which it cannot look. */
import type { Patch } from '../../judge.js'
import type { Case } from '../checked.js'

/** Without the API nothing of the cluster is known. */
const withoutApi: Patch = Object.fromEntries(
	[
		'nodes',
		'pods',
		'services',
		'endpointslices',
		'storageclasses',
		'apiservices',
		'events',
		'deployments',
		'daemonsets',
		'statefulsets',
		'replicasets',
		'jobs',
		'namespaces',
		'persistentvolumeclaims',
		'persistentvolumes',
		'helmcharts',
		'addons',
		'ingresses',
		'networkpolicies',
		'customresourcedefinitions',
		'mutatingwebhookconfigurations',
		'validatingwebhookconfigurations',
		'leases',
		'helmchartconfigs',
		'certificatesigningrequests',
	].map(name => [`api/${name}.json`, null]),
)
const noApi: Patch = {
	...withoutApi,
	'api/readyz.txt': null,
	'api/livez.txt': null,
	'api/version.json': null,
}
const noService: Patch = {
	'commands/systemctl-show.txt': null,
	'commands/systemctl-cat.txt': null,
	'commands/systemctl-status.txt': null,
	'commands/systemctl-failed.txt': null,
	'journal/k3s.log': null,
	'commands/ps.txt': null,
	'commands/files.tsv': null,
}
const dataDir = '/var/lib/rancher/k3s'
/** Rewrites one file's line in the listing of find. */
const relisted = (path: string, change: (line: string) => string): Patch => ({
	'commands/files.tsv': text =>
		text
			.split('\n')
			.map(line => (line.split('\t')[6] === path ? change(line) : line))
			.filter((line, index, all) => line !== '' || index === all.length - 1)
			.join('\n'),
})
const later = (date: string): Patch => ({ 'commands/date.txt': `${date}T00:00:00,0+00:00\n` })
const inJson = (file: string, change: (items: Record<string, unknown>[]) => void): Patch => ({
	[file]: text => {
		const list = JSON.parse(text) as { items: Record<string, unknown>[] }
		change(list.items)
		return JSON.stringify(list)
	},
})
const dnsAnswer = (more: object) =>
	`${JSON.stringify({ server: '10.43.0.10', name: 'kubernetes.default.svc.cluster.local', addresses: [], ms: 3, ...more })}\n`
/** CoreDNS is not ready, long after the start. */
const sickDns = inJson('api/pods.json', items => {
	for (const item of items) {
		const { name } = item.metadata as { name: string }
		if (!name.startsWith('coredns-')) continue
		const { conditions } = item.status as { conditions: { type: string; status: string }[] }
		for (const condition of conditions) if (condition.type === 'Ready') condition.status = 'False'
	}
})
const annotations = (item: Record<string, unknown>) =>
	(item.metadata as { annotations: Record<string, string> }).annotations

/** Areas that only the rules look at: a recording with such a cause fails, one where nothing was asked cannot look. */
const byRules = (bad: string, is: 'fail' | 'warn'): Case[] => [
	{ is: 'pass' },
	{ is, on: bad, run: /k3s-doctor explain/ },
	{ is: 'not-examined', bare: true },
]

export const cases: Record<string, readonly Case[]> = {
	service: [
		{ is: 'pass', says: /k3s\.service is running, enabled/ },
		{ is: 'fail', on: 'service-stopped' },
		{ is: 'warn', says: /has been starting/, on: 'healthy-server-starting' },
		{ is: 'not-examined', files: noService },
	],
	'node-ready': [
		{ is: 'pass', says: /Ready, v1\.36/ },
		{ is: 'warn', says: /cordoned/, on: 'node-cordoned' },
		{
			is: 'fail',
			says: /PLEG/,
			run: /describe node s1/,
			files: {
				'api/nodes.json': text =>
					text.replace(
						/("message": ?"[^"]*",\s*"reason": ?"KubeletReady",\s*"status": ?)"True"/,
						'"message":"PLEG is not healthy","reason":"KubeletNotReady","status":"False"',
					),
			},
		},
		{ is: 'fail', says: /10248/, on: 'agent-url-typo-name' },
		{ is: 'not-examined', run: /get node s1/, files: withoutApi },
	],
	api: [
		{ is: 'pass', says: /ready/ },
		{
			is: 'fail',
			says: /not ready: etcd/,
			run: /readyz/,
			files: { 'api/readyz.txt': '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n' },
		},
		{ is: 'fail', says: /refused/, on: 'sqlite-garbage' },
		{
			is: 'not-examined',
			says: /Unauthorized/,
			files: noApi,
			entry: {
				file: 'api/readyz.txt',
				exit: 1,
				why: 'denied',
				stderr: 'error: You must be logged in to the server (Unauthorized)\n',
			},
		},
		{ is: 'left', on: 'agent-healthy' },
	],
	datastore: [
		{ is: 'pass', says: /SQLite/ },
		{ is: 'fail', on: 'etcd-quorum-lost' },
		{ is: 'not-examined', files: noApi },
		{ is: 'left', on: 'agent-healthy' },
	],
	certificates: [
		{ is: 'pass', says: /expires on 2027/ },
		{ is: 'warn', says: /expires/, files: later('2027-11-05') },
		{ is: 'fail', on: 'agent-cert-expired' },
		{ is: 'not-examined', on: 'extdb-name-unknown' },
	],
	token: [
		{ is: 'pass', says: /server\/token/ },
		{ is: 'pass', says: /signed/, on: 'agent-healthy' },
		{ is: 'fail', says: /is not there/, files: relisted(`${dataDir}/server/token`, () => '') },
		{
			is: 'warn',
			says: /everybody/,
			files: relisted(`${dataDir}/server/token`, line => line.replace(/\t600\t/, '\t644\t')),
		},
		{ is: 'fail', on: 'agent-token-empty' },
		{ is: 'not-examined', files: { 'commands/files.tsv': null } },
	],
	configuration: byRules('config-tab', 'fail'),
	host: byRules('disk-full-restart', 'fail'),
	network: byRules('port-10257-taken', 'fail'),
	runtime: byRules('containerd-template-bad-go', 'fail'),
	images: byRules('images-missing', 'fail'),
	version: byRules('agent-version-newer', 'warn'),
	workloads: byRules('pod-crashloop', 'warn'),
	'system-pods': [
		{ is: 'pass', says: /3 are ready/ },
		{
			is: 'fail',
			says: /coredns.*Running, not ready/,
			run: /describe pod/,
			files: { ...sickDns, ...later('2026-11-22') },
		},
		{ is: 'warn', says: /started a moment ago/, on: 'healthy-server-just-booted' },
		{ is: 'not-examined', run: /get pods/, files: { 'api/pods.json': null } },
		{ is: 'left', on: 'agent-healthy' },
	],
	'cluster-dns': [
		{ is: 'pass', says: /10\.43\.0\.10/ },
		{
			what: 'a name was asked for',
			is: 'pass',
			says: /knows kubernetes\.default\.svc\.cluster\.local \(10\.43\.0\.1, in 3 ms\)/,
			files: { 'verify/dns.json': dnsAnswer({ addresses: ['10.43.0.1'] }) },
		},
		{
			what: 'a name was asked for in vain',
			is: 'warn',
			says: /ETIMEOUT/,
			run: /nslookup/,
			files: { 'verify/dns.json': dnsAnswer({ error: 'ETIMEOUT' }) },
		},
		{ is: 'warn', on: 'dns-loop' },
		{ is: 'fail', says: /no pod of CoreDNS is ready/, files: { ...sickDns, ...later('2026-11-22') } },
		{ is: 'not-examined', run: /nslookup/, files: { 'api/pods.json': null } },
		{ is: 'left', files: { 'files/etc/rancher/k3s/config.yaml': 'disable: [coredns]\n' } },
	],
	'storage-class': [
		{ is: 'pass', says: /local-path/ },
		{
			is: 'warn',
			says: /no class is the default/,
			run: /annotate storageclass/,
			files: inJson('api/storageclasses.json', items => {
				for (const item of items) delete annotations(item)['storageclass.kubernetes.io/is-default-class']
			}),
		},
		{
			is: 'warn',
			says: /all the default/,
			files: inJson('api/storageclasses.json', items => {
				const [first] = items
				if (first) items.push({ ...first, metadata: { ...(first.metadata as object), name: 'second' } })
			}),
		},
		{ is: 'not-examined', files: { 'api/storageclasses.json': null } },
		{ is: 'left', on: 'agent-healthy' },
	],
	metrics: [
		{ is: 'pass' },
		{ is: 'warn', says: /not available/, on: 'healthy-server-just-booted' },
		{ is: 'not-examined', files: { 'api/apiservices.json': null } },
		{ is: 'left', files: { 'files/etc/rancher/k3s/config.yaml': 'disable: [metrics-server]\n' } },
	],
	kubeconfig: [
		{ is: 'pass', says: /k3s\.yaml, mode 06/ },
		{
			is: 'warn',
			says: /every user/,
			run: /chmod 600/,
			files: relisted('/etc/rancher/k3s/k3s.yaml', line => line.replace(/\t6\d0\t/, '\t644\t')),
		},
		{ is: 'fail', says: /is not there/, files: relisted('/etc/rancher/k3s/k3s.yaml', () => '') },
		{ is: 'not-examined', run: /ls -l/, files: { 'commands/files.tsv': null } },
	],
	snapshots: [
		{ is: 'not-examined', says: /SQLite/, run: /systemctl stop k3s/ },
		{ is: 'pass', on: 'ha-healthy' },
		{
			is: 'warn',
			says: /switched off/,
			on: 'ha-healthy',
			files: { 'files/etc/rancher/k3s/config.yaml': text => `${text}\netcd-disable-snapshots: true\n` },
		},
		{ is: 'left', on: 'extdb-postgres-healthy' },
	],
	other: [
		{ is: 'pass' },
		{
			is: 'fail',
			files: {
				'commands/systemctl-show.txt': text =>
					text
						.replace('ActiveState=active', 'ActiveState=activating')
						.replace('SubState=running', 'SubState=auto-restart'),
				'journal/k3s.log': text =>
					`${text}2026-11-21T04:55:04.000000+0000 s1 k3s[700]: time="2026-11-21T04:55:04Z" level=fatal msg="Error: the frobnicator of the gromulent is quite unwell"\n2026-11-21T04:55:04.100000+0000 s1 systemd[1]: k3s.service: Main process exited, code=exited, status=1/FAILURE\n2026-11-21T04:55:04.100000+0000 s1 systemd[1]: k3s.service: Failed with result 'exit-code'.\n`,
			},
		},
		{ is: 'not-examined', files: noService },
	],
}
