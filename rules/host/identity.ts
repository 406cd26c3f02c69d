/** Under which name and address this host is a node. */
import { configValue, type Evidence, type KubeNode, type NetworkEvidence } from '../../src/rule.js'

/** The name under which k3s registers this host; it writes names in lower case. */
export function nodeName({ config, names, node }: Evidence): string {
	return (configValue(config, 'node-name') ?? names?.hostname ?? node.hostname).toLowerCase()
}

/** Whether `name` is this host's, with or without the suffix that `with-node-id` appends. */
export function isOwnName(evidence: Evidence, name: string): boolean {
	const own = nodeName(evidence)
	if (name === own) return true
	const withId = configValue(evidence.config, 'with-node-id') === 'true'
	return withId && name.startsWith(`${own}-`)
}

/** Every address of this host, those of its pod networks too. */
export function ownAddresses({ network }: Evidence): ReadonlySet<string> {
	return new Set(
		(network?.interfaces ?? []).flatMap(({ addresses }) => addresses.map(({ address }) => address)),
	)
}

/** The same, by the node object of this host where its interfaces were not told and it reports. */
export function ownOrToldAddresses(evidence: Evidence): ReadonlySet<string> {
	const self = evidence.cluster?.self
	const reports = self?.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
	if (evidence.network || !self || !reports) return ownAddresses(evidence)
	return new Set(claimedAddresses(self).map(({ address }) => address))
}

/** Interfaces that k3s, CNI plugins and container runtimes make: no address of theirs is the node's. */
const made = /^(?:lo|cni\d*|flannel|veth|docker|br-|cali|cilium|kube-|nodelocaldns|tunl|lxc|virbr|podman)/

/** Addresses of the host itself, on interfaces of its own that are up, global ones first IPv4. */
export function hostAddresses(network: NetworkEvidence | undefined): { address: string; device: string }[] {
	return (network?.interfaces ?? [])
		.filter(({ name, up }) => up && !made.test(name))
		.flatMap(({ name, addresses }) =>
			addresses
				.filter(({ scope }) => scope === 'global' || scope === '')
				.map(({ address, family }) => ({ address, device: name, family })),
		)
		.sort((a, b) => a.family - b.family)
		.map(({ address, device }) => ({ address, device }))
}

/** Addresses under which a node object knows its host, by who wrote them. */
export function claimedAddresses(self: KubeNode): { by: string; address: string }[] {
	const annotation = (key: string) =>
		(self.annotations[key] ?? '')
			.split(',')
			.map(address => address.trim())
			.filter(Boolean)
			.map(address => ({ by: key, address }))
	return [
		...self.addresses
			.filter(({ type }) => type === 'InternalIP')
			.map(({ address }) => ({ by: 'InternalIP', address })),
		...annotation('k3s.io/internal-ip'),
		...annotation('alpha.kubernetes.io/provided-node-ip'),
	]
}

/** Addresses that the operator has set: they need not be on an interface (NAT, VPN). */
export function configuredAddresses({ config }: Evidence): ReadonlySet<string> {
	return new Set(
		['node-ip', 'node-external-ip', 'advertise-address'].flatMap(flag =>
			(config?.values.get(flag)?.values ?? []).flatMap(value => value.split(',').map(part => part.trim())),
		),
	)
}

/** Addresses in the evidence may be written in several ways; what is no plain address is not compared. */
export function isAddress(text: string): boolean {
	const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1)
	if (bytes) return bytes.every(byte => Number(byte) <= 255)
	return /^[0-9a-fA-F:]{2,39}$/.test(text) && text.includes(':')
}

/** The address that all who wrote the node object agree on, and that this host does not have. */
export function foreignAddress(evidence: Evidence): { by: string; address: string } | undefined {
	const own = ownAddresses(evidence)
	const self = evidence.cluster?.self
	const claims = self ? claimedAddresses(self).filter(({ address }) => isAddress(address)) : []
	if (own.size === 0 || claims.some(({ address }) => own.has(address))) return undefined
	// A virtual or translated address that the operator has named is none that was lost.
	const named = configuredAddresses(evidence)
	return claims.find(({ address }) => !named.has(address))
}

const loopback = /^(?:127\.|::1$|0\.0\.0\.0$)/

/** Addresses in the kubelet's serving certificate, which k3s renews at every start. */
export function certifiedAddresses({ certificates, node }: Evidence): string[] {
	const found = certificates?.certificates.find(
		({ path, position }) => path === `${node.dataDir}/agent/serving-kubelet.crt` && position === 0,
	)
	return (found?.sans ?? []).filter(name => isAddress(name) && !loopback.test(name))
}
