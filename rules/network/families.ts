/** Which families of addresses the configuration speaks of. */
import { configValues, type Evidence, type KernelEvidence } from '../../src/rule.js'
import { networkOf } from './addresses.js'

export type Family = 4 | 6

const flags = ['cluster-cidr', 'service-cidr', 'node-ip'] as const

export interface Given {
	flag: (typeof flags)[number]
	families: Family[]
	text: string
}

/** Families of each flag that is given, in their order. */
export function givenFamilies({ config }: Evidence): Given[] {
	return flags.flatMap(flag => {
		const values = configValues(config, flag)
			.flatMap(value => value.split(','))
			.map(value => value.trim())
			.filter(value => value !== '')
		const families = values.flatMap(value => networkOf(value)?.family ?? [])
		return values.length > 0 && families.length === values.length
			? [{ flag, families, text: values.join(',') }]
			: []
	})
}

/** What does not go together, in a sentence; `flag` is the one to be looked at. */
export function familyFault(evidence: Evidence): { flag: Given['flag']; says: string } | undefined {
	const given = givenFamilies(evidence)
	for (const { flag, families, text } of given) {
		if (families.length > 2) return { flag, says: `${flag} has more than two values: ${text}` }
		if (families.length === 2 && families[0] === families[1])
			return { flag, says: `${flag} has two values of the same family: ${text}` }
	}
	const kind = (families: readonly Family[]) => [...new Set(families)].sort().join()
	// An agent takes its networks from the server.
	if (evidence.node.role === 'agent') return undefined
	const first = given.find(({ flag }) => flag === 'node-ip')?.families[0] ?? 4
	// What is not given is of one family: that of the node's first address.
	const defaults: Given[] = (['cluster-cidr', 'service-cidr'] as const)
		.filter(flag => !given.some(one => one.flag === flag))
		.map(flag => ({ flag, families: [first], text: `the default, IPv${first}` }))
	const networks = [...given.filter(({ flag }) => flag !== 'node-ip'), ...defaults]
	const [one, other] = networks
	if (one && other && kind(one.families) !== kind(other.families)) {
		const told = given.find(({ flag }) => flag !== 'node-ip')?.flag ?? one.flag
		return {
			flag: told,
			says: `${one.flag} (${one.text}) and ${other.flag} (${other.text}) are not of the same families`,
		}
	}
	const node = given.find(({ flag }) => flag === 'node-ip')
	const pods = networks.find(({ flag }) => flag === 'cluster-cidr')
	const missing = pods?.families.find(family => node && !node.families.includes(family))
	if (node && pods && missing !== undefined)
		return {
			flag: 'node-ip',
			says: `cluster-cidr (${pods.text}) has IPv${missing}, node-ip (${node.text}) has none of that family`,
		}
	return undefined
}

/** IPv6 is asked for. */
export function wantsIpv6(evidence: Evidence): boolean {
	return givenFamilies(evidence).some(({ flag, families }) => flag !== 'node-ip' && families.includes(6))
}

/** IPv6 is switched off in the kernel. */
export function isIpv6Off({ sysctl, cmdline }: KernelEvidence): boolean {
	return sysctl.get('net.ipv6.conf.all.disable_ipv6') === '1' || /\bipv6\.disable=1\b/.test(cmdline ?? '')
}
