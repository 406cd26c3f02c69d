import type { Report } from '../../model/report.js'
import { type Change, changesBetween, type Side } from './compare.js'

export function versionChanges(a: Side, b: Side): Change[] {
	// What only one of the two tells is not known of the other.
	return changesBetween(versionsOf(a), versionsOf(b)).filter(({ kind }) => kind === 'changed')
}

function versionsOf({ report, evidence }: Side): Map<string, string> {
	const { node }: Report = report
	const given: [string, string | undefined][] = [
		['k3s that runs', evidence.k3s?.runningVersion],
		['k3s on disk', evidence.k3s?.version],
		['container runtime', evidence.runtime?.version],
		['operating system', node.os],
		['kernel', node.kernel],
		['architecture', node.arch],
		['datastore', node.datastore],
		['addresses', node.addresses.join(', ')],
		['unit', `${node.unit}${enabled(evidence.units?.own?.unitFileState)}`],
		['data directory', node.dataDir],
		...(evidence.cluster?.nodes ?? []).map(({ name, kubeletVersion }): [string, string | undefined] => [
			`kubelet of ${name}`,
			kubeletVersion,
		]),
	]
	return new Map(given.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

const enabled = (state: string | undefined) => (state ? ` (${state})` : '')
