/** Options that all servers of a cluster must have alike, with what k3s takes where none is given. */
import type { ClusterFinding } from '../../model/cluster-report.js'
import { configValues } from '../../model/lookup.js'
import { groups, type Member, share } from './node.js'

/** https://docs.k3s.io/cli/server#critical-configuration-values */
const critical: Readonly<Record<string, string>> = {
	'cluster-cidr': '10.42.0.0/16',
	'service-cidr': '10.43.0.0/16',
	'cluster-dns': '10.43.0.10',
	'cluster-domain': 'cluster.local',
	'flannel-backend': 'vxlan',
	'flannel-ipv6-masq': 'false',
	'flannel-external-ip': 'false',
	'egress-selector-mode': 'agent',
	'secrets-encryption': 'false',
	'disable-cloud-controller': 'false',
	'disable-kube-proxy': 'false',
	'disable-network-policy': 'false',
	'disable-helm-controller': 'false',
	'embedded-registry': 'false',
	disable: '',
}

function told({ evidence }: Member, flag: string): string | undefined {
	const { config } = evidence
	// What nobody could read is not the default.
	if (!config || config.problems.length > 0) return undefined
	const values = configValues(config, flag).flatMap(value => value.split(','))
	if (values.length === 0) return critical[flag]
	return flag === 'disable' ? [...new Set(values.map(value => value.trim()))].sort().join(',') : values.at(-1)
}

export function configurationFindings(members: readonly Member[]): ClusterFinding[] {
	const servers = members.filter(({ report }) => report.node.role === 'server')
	return Object.keys(critical).flatMap((flag): ClusterFinding[] => {
		const values = groups(servers, member => told(member, flag))
		if (values.size < 2) return []
		const shares = [...values].flatMap(([value, some]) =>
			some.map(member => share(member, value || '(nothing)')),
		)
		return [
			{
				kind: 'configuration',
				severity: flag === 'disable' ? 'warning' : 'critical',
				says: `the servers have different values of ${flag}, which must be the same on all`,
				shares,
			},
		]
	})
}
