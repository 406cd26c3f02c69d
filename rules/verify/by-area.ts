import {
	areaOf,
	type CauseArea,
	type Check,
	causesIn,
	check,
	pass,
	type Unexamined,
	unseen,
} from '../../src/check.js'
import { byArea } from './areas.js'

/** A check that has no look of its own: whatever the rules of an area found. */
function areaCheck(
	id: string,
	title: string,
	explain: string,
	areas: readonly CauseArea[],
	passes: string,
): Check {
	return check({
		id,
		list: 'verify',
		title,
		explain,
		needs: ['service'],
		look: (_have, { diagnoses, unexamined }) => {
			const found = byArea(diagnoses, ...areas)
			if (found.length > 0) return found
			const { blind, all } = blindIn(unexamined, areas)
			const [first] = blind
			if (!first) return pass(passes)
			// A cause that could not be looked for may be there all the same.
			return blind.length * 2 >= all
				? unseen(
						`${blind.length} of ${all} causes could not be looked for: ${first.because}`,
						commandsOf(blind),
					)
				: pass(
						`${passes}, as far as could be seen (not looked for: ${blind.map(({ cause }) => cause).join(', ')})`,
					)
		},
	})
}

/** Causes of these areas that could not be looked for although this node may have them. */
function blindIn(
	unexamined: readonly Unexamined[],
	areas: readonly CauseArea[],
): { blind: Unexamined[]; all: number } {
	const ours = unexamined.filter(({ cause }) => areas.some(area => area === areaOf(cause)))
	const foreign = ours.filter(({ missing }) => missing.length === 0).length
	return { blind: ours.filter(({ missing }) => missing.length > 0), all: causesIn(areas) - foreign }
}

function commandsOf(blind: readonly Unexamined[]): string[] {
	return [...new Set(blind.flatMap(({ askFor }) => askFor ?? []))].slice(0, 3)
}

export const host = areaCheck(
	'host',
	'The host is sound',
	'Disks, memory, clock, kernel and limits of the host under k3s.',
	['host'],
	'no trouble with disks, memory, clock, kernel or limits',
)

export const configuration = areaCheck(
	'configuration',
	'The configuration is valid',
	'What k3s was told in config.yaml, its drop-ins, its unit and its environment.',
	['config'],
	'no mistake was found in it',
)

export const network = areaCheck(
	'network',
	'The networks of the node and the pods work',
	'The connection to the servers, ports, packet filters, flannel and kube-proxy.',
	['network'],
	'no trouble with ports, packet filters, flannel or kube-proxy',
)

export const runtime = areaCheck(
	'runtime',
	'The container runtime works',
	'containerd, its configuration and its state.',
	['runtime'],
	'no trouble with containerd',
)

export const images = areaCheck(
	'images',
	'Images can be had',
	'Registries, their certificates and passwords, and the archives of an airgapped node.',
	['images'],
	'no image is missing',
)

export const version = areaCheck(
	'version',
	'Versions agree',
	'The program on the disk, the one that runs, and the other nodes.',
	['upgrade'],
	'no version is ahead or behind',
)

export const workloads = areaCheck(
	'workloads',
	'The applications run',
	'Pods of the applications on this node.',
	['workload'],
	'no pod of an application is in trouble',
)
