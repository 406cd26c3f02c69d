/** Which names in a bundle say whose it is: hosts, namespaces, workloads, people. */
import type { Bundle } from '../../model/bundle.js'
import { hostsMentioned, objectsMentioned } from './mentioned.js'
import { usersOf } from './users.js'

export interface Identities {
	/** Replaced wherever they stand as words. */
	anywhere: Set<string>
	/** Plain words that stand in other meanings too: replaced only where they plainly are names. */
	inPlaces: Set<string>
	/** Accounts of people: replaced only where they plainly are accounts. */
	users: Set<string>
	/** Names that stay, because they are words of this trade. */
	common: Set<string>
}

/** Words that stand in logs, paths and commands of every node. */
const vocabulary = new Set(
	`localhost localdomain k3s server agent node nodes master worker control-plane controlplane cluster kubernetes kube
kubelet kubectl default system root admin test dev prod staging production etcd sqlite kine db data tls cred etc var lib
log logs pod pods service services api app apps web-server main manager controller proxy config manifests static network
net storage local path host hosts name names debian ubuntu fedora centos rocky alma alpine suse raspberrypi rancher
traefik coredns metrics metrics-server flannel containerd docker registry registries image images container containers
kernel journal systemd init run running ready error info warning debug fatal true false none unknown internal external
public private example lab lan home corp com org net io svc dns ntp time date user users group groups client ingress
volume volumes backup backups job jobs cron batch key keys token secret secrets certificate monitoring logging cattle`.split(
		/\s+/,
	),
)

/** Objects and namespaces that k3s, Kubernetes and Rancher bring along. */
const shipped =
	/^(?:kube-(?:system|public|node-lease|dns|root-ca\.crt|apiserver.*|proxy|flannel|router|vip.*|scheduler|controller-manager)|default|kubernetes(?:\..*)?|coredns(?:-.*)?|traefik(?:-.*)?|metrics-server(?:-.*)?|local-path(?:-.*)?|local-storage|helm-(?:install|delete)-traefik.*|svclb-traefik.*|chart-.*|cluster-dns|extension-apiserver-authentication|k3s(?:-.*)?|rbac(?:-.*)?|auth-.*|aggregated-metrics-reader|ccm|rolebindings|runtimes|system[:-].*|longhorn-system|cattle-[\w-]+|cert-manager|istio-system|ingress-nginx|metallb-system|calico-system|tigera-operator|fleet-[\w-]+|rancher-[\w-]+|apiserver-[a-z0-9]{20,32}|kube-node|v\d(?:alpha\d|beta\d)?\..*|.*\.k8s\.io|.*\.cattle\.io)$/

/** Domains of the world; a house's own are all others. */
const world =
	/(?:^|\.)(?:docker\.io|docker\.com|ghcr\.io|quay\.io|gcr\.io|registry\.k8s\.io|k8s\.io|k3s\.io|kubernetes\.io|rancher\.(?:com|io)|github\.com|githubusercontent\.com|amazonaws\.com|azurecr\.io|pkg\.dev|cattle\.io|cncf\.io|debian\.org|ubuntu\.com|pool\.ntp\.org|cluster\.local|svc|localhost|localdomain|local|internal|example\.(?:com|org|net)|arpa|in-addr\.arpa)$/

const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))*\.?$/

type Fields = Readonly<Record<string, unknown>>

export function identitiesOf(bundle: Bundle): Identities {
	const found: Identities = { anywhere: new Set(), inPlaces: new Set(), users: new Set(), common: new Set() }
	for (const host of hostsOf(bundle)) addHost(host, found)
	for (const name of objectsOf(bundle)) addName(name, found)
	for (const host of new Set(hostsMentioned(bundle.files))) if (!shipped.test(host)) addHost(host, found)
	for (const name of new Set(objectsMentioned(bundle.files))) {
		addName(name, found)
		addName(ownerOf(name) ?? '', found)
	}
	for (const user of new Set(usersOf(bundle))) addUser(user, found)
	return found
}

function addHost(given: string, found: Identities): void {
	const host = given.replace(/\.$/, '').toLowerCase()
	if (!hostName.test(host) || /^[\d.]+$/.test(host) || world.test(host)) return
	const [label = '', ...domain] = host.split('.')
	if (vocabulary.has(label) && domain.length === 0) found.common.add(label)
	else found.anywhere.add(host)
	// `s1` of `s1.lab.example` is the host too.
	if (domain.length > 0 && !vocabulary.has(label) && label.length > 1) found.anywhere.add(label)
}

function addName(name: string, found: Identities): void {
	if (shipped.test(name) || name.length < 2 || !/^[a-z0-9][a-z0-9.-]*$/.test(name)) return
	if (vocabulary.has(name)) found.common.add(name)
	else if (/[-.\d]/.test(name)) found.anywhere.add(name)
	else found.inPlaces.add(name)
}

/** Accounts that every system has. */
const systemAccounts = new Set(['root', 'nobody', 'daemon', 'unknown'])

/** `ann@corp.example` and `CORP\\ann` tell of a house as well. */
function addUser(given: string, found: Identities): void {
	const [, domain = '', user = '', host = ''] =
		/^(?:([\w.-]+)\\+)?([A-Za-z_][\w.-]*)(?:@([\w.-]+))?$/.exec(given) ?? []
	for (const name of [domain, host]) if (name !== '') addHost(name, found)
	const name = user.replace(/^[_.-]+|[_.-]+$/g, '').toLowerCase()
	if (name.length < 2 || systemAccounts.has(name)) return
	if (vocabulary.has(name)) found.common.add(name)
	else found.users.add(name)
}

function* hostsOf({ node, files }: Bundle): Generator<string> {
	if (node.hostname !== 'unknown') yield node.hostname
	for (const file of ['commands/hostname.txt', 'files/etc/hostname'])
		yield* (files.get(file) ?? '').slice(0, 2000).split(/\s+/)
	for (const line of (files.get('files/etc/hosts') ?? '').slice(0, 100_000).split('\n')) {
		const [, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/)
		yield* names.filter(name => !/^(?:localhost|ip6-|broadcasthost)/.test(name))
	}
	for (const [, domains = ''] of (files.get('files/etc/resolv.conf') ?? '').matchAll(
		/^(?:search|domain)[ \t]+(.{1,500})$/gm,
	))
		yield* domains.split(/\s+/)
	for (const [file, text] of files) {
		if (
			/^files\/etc\/(?:rancher|systemd|default|sysconfig)\/|^commands\/(?:systemctl-(?:cat|show)|ps)/.test(
				file,
			)
		)
			yield* hostsInSettings(text.slice(0, 500_000))
	}
	for (const { kind, metadata, status } of items(files.get('api/nodes.json'))) {
		if (kind !== undefined && kind !== 'Node') continue
		const name = fieldsOf(metadata).name
		if (typeof name === 'string') yield name
		for (const address of listOf(fieldsOf(status).addresses).map(fieldsOf))
			if (typeof address.address === 'string') yield address.address
	}
}

/** Hosts of addresses, and values of the settings that hold names. */
function* hostsInSettings(text: string): Generator<string> {
	for (const [, host = ''] of text.matchAll(
		/[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/@"']{0,200}@)?([A-Za-z0-9.-]{2,253})/g,
	))
		yield host
	for (const [, host = ''] of text.matchAll(/@tcp\(([A-Za-z0-9.-]{2,253})/g)) yield host
	for (const [, values = ''] of text.matchAll(
		/(?:node-name|tls-san|node-external-dns|node-internal-dns|with-node-id)["']?(?:[ \t]{0,5}[:=][ \t]{0,5}|[ \t]{1,5})([^\n]{1,500})/g,
	))
		yield* values.split(/[\s,"'[\]]+/)
	for (const [, host = ''] of text.matchAll(
		/^[ \t]{0,20}-[ \t]{1,5}["']?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)["']?[ \t]*$/gm,
	))
		yield host
	// Registries: keys of mirrors and configs.
	for (const [, host = ''] of text.matchAll(
		/^[ \t]{0,20}["']?([A-Za-z0-9.-]+\.[A-Za-z]{2,20})(?::\d{1,5})?["']?:[ \t]*$/gm,
	))
		yield host
}

function* objectsOf({ files }: Bundle): Generator<string> {
	for (const [file, text] of files) {
		if (file.startsWith('api/') && file.endsWith('.json')) {
			// An event is called after its object.
			const named = file !== 'api/events.json'
			for (const { metadata } of items(text)) {
				const { name, namespace, labels } = fieldsOf(metadata)
				if (typeof namespace === 'string') yield namespace
				if (
					named &&
					typeof name === 'string' &&
					(typeof namespace === 'string' || file === 'api/namespaces.json')
				) {
					yield name
					const owner = ownerOf(name)
					if (owner) yield owner
				}
				for (const label of ['app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'k8s-app']) {
					const value = fieldsOf(labels)[label]
					if (typeof value === 'string') yield value
				}
			}
		}
		if (file === 'crictl/pods.json' || file === 'crictl/ps.json') {
			const root = parsed(text)
			for (const each of [...listOf(root.items), ...listOf(root.containers)].map(fieldsOf)) {
				const about = [fieldsOf(each.metadata), fieldsOf(each.labels)]
				for (const { name, namespace, ...labels } of about) {
					for (const value of [
						name,
						namespace,
						labels['io.kubernetes.pod.name'],
						labels['io.kubernetes.pod.namespace'],
						labels['io.kubernetes.container.name'],
					])
						if (typeof value === 'string') yield value
				}
			}
		}
		const log = /^files\/var\/log\/pods\/([^_/]+)_([^_/]+)_[^/]*\/([^/]+)\//.exec(file)
		if (log) yield* [log[1] ?? '', log[2] ?? '', ownerOf(log[2] ?? '') ?? '', log[3] ?? '']
	}
}

/** The workload of a pod or replica set, by how they are named: `web-5f5694d56b-j7hl7` -> `web`. */
function ownerOf(name: string): string | undefined {
	return /^(.+?)(?:-[0-9a-f]{6,10})?-[0-9a-z]{5}$/.exec(name)?.[1] ?? /^(.+)-[0-9a-f]{6,10}$/.exec(name)?.[1]
}

function* items(text: string | undefined): Generator<Fields> {
	const root = parsed(text)
	if (Array.isArray(root.items)) for (const item of root.items) yield fieldsOf(item)
}

function parsed(text: string | undefined): Fields {
	try {
		return fieldsOf(JSON.parse(text ?? ''))
	} catch {
		return {}
	}
}

function fieldsOf(value: unknown): Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : []
}
