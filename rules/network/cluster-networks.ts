/** The networks of the cluster as this node knows them, and the nodes that they connect. */
import { configValue, configValues, type Evidence, type KubeNode } from '../../src/rule.js'
import { type Network, networkOf } from './addresses.js'

const split = (values: readonly string[]) =>
	values
		.flatMap(value => value.split(','))
		.map(value => value.trim())
		.filter(value => value !== '')

function textOf({ files }: Evidence, path: string): string {
	return files?.texts.get(path) ?? ''
}

/** `KEY=VALUE` of what flannel wrote for its CNI plugin. */
export function subnetEnv(evidence: Evidence, key: string): string | undefined {
	return new RegExp(`^${key}=(\\S+)`, 'm').exec(
		textOf(evidence, '/run/flannel/subnet.env').slice(0, 4_096),
	)?.[1]
}

/** flannel's configuration as k3s wrote it at the last start with flannel. */
function netConf(evidence: Evidence, key: string): string | undefined {
	const text = textOf(evidence, `${evidence.node.dataDir}/agent/etc/flannel/net-conf.json`).slice(0, 8_192)
	return new RegExp(`"${key}": {0,8}"([^"]{1,80})"`).exec(text)?.[1]
}

/** `vxlan`, `wireguard-native`, `host-gw`, `none`, …; `undefined` on an agent that has never run flannel. */
export function flannelBackend(evidence: Evidence): string | undefined {
	const given = configValue(evidence.config, 'flannel-backend')
	if (given !== undefined) return given.split('=')[0]?.trim()
	const written = netConf(evidence, 'Type')
	return written ?? (evidence.node.role === 'server' && evidence.config ? 'vxlan' : undefined)
}

export function usesFlannel(evidence: Evidence): boolean {
	const backend = flannelBackend(evidence)
	return backend !== undefined && backend !== 'none'
}

export interface ClusterNetwork extends Network {
	of: 'pods' | 'services'
	/** It stands in the configuration; else it is k3s's default, or what flannel was told. */
	given: boolean
}

function networks(of: ClusterNetwork['of'], texts: readonly string[], given: boolean): ClusterNetwork[] {
	return texts.flatMap(text => {
		const network = networkOf(text)
		return network ? [{ ...network, of, given }] : []
	})
}

/** The networks of pods, and on a server of services. */
export function clusterNetworks(evidence: Evidence): ClusterNetwork[] {
	const { config, node } = evidence
	const server = node.role === 'server' && config !== undefined
	const pods = split(configValues(config, 'cluster-cidr'))
	const services = split(configValues(config, 'service-cidr'))
	const told = netConf(evidence, 'Network') ?? subnetEnv(evidence, 'FLANNEL_NETWORK')
	const ordinary = server ? '10.42.0.0/16' : undefined
	return [
		...(pods.length > 0
			? networks('pods', pods, true)
			: networks('pods', [told ?? ordinary ?? []].flat(), false)),
		...(services.length > 0
			? networks('services', services, true)
			: networks('services', server ? ['10.43.0.0/16'] : [], false)),
	]
}

/** Interfaces that k3s, its CNI plugins or another CNI make for pods. */
export const ofPods =
	/^(?:cni\d|flannel|veth|kube-|cali|tunl\d|vxlan\.calico|cilium|lxc|weave|nodelocaldns|antrea|ovn|genev_sys|lo$)/

/** The other nodes of the cluster, as far as the API told them. */
export function otherNodes({ cluster, node }: Evidence): KubeNode[] {
	const own = cluster?.self?.name ?? node.hostname.toLowerCase()
	return (cluster?.nodes ?? []).filter(({ name }) => name !== own)
}

/** The address by which other nodes reach a node. */
export function addressOf(node: KubeNode | undefined): string | undefined {
	return (
		node?.annotations['flannel.alpha.coreos.com/public-ip'] ??
		node?.addresses.find(({ type }) => type === 'InternalIP')?.address
	)
}

/** Addresses of other nodes: by the API, else the server that this agent joined. */
export function peerAddresses(evidence: Evidence): string[] {
	const told = otherNodes(evidence).map(addressOf)
	const annotated = otherNodes(evidence).map(node => node.annotations['k3s.io/internal-ip']?.split(',')[0])
	return [...new Set([...told, ...annotated].filter(address => address !== undefined))]
}

/** This node's own address towards other nodes. */
export function ownAddress({ cluster, network }: Evidence): string | undefined {
	const told = cluster?.self?.addresses.find(({ type }) => type === 'InternalIP')?.address
	if (told !== undefined) return told
	const device = network?.defaultRoutes.find(({ family }) => family === 4)?.device
	return network?.interfaces.find(({ name }) => name === device)?.addresses.find(({ family }) => family === 4)
		?.address
}
