import {
	areaOf,
	type CauseArea,
	type Check,
	causesIn,
	check,
	pass,
	shownUnit,
	type Unexamined,
	unseen,
} from '../../src/check.js'
import { byArea } from './areas.js'

export interface AreaCheck {
	id: string
	title: string
	explain: string
	docs: readonly string[]
	areas: readonly CauseArea[]
	/** What it says where nothing was found. */
	passes: string
	/** It is about k3s at work: of one that does not run nothing can be said. */
	ofRunning?: true
}

/** A check that has no look of its own: whatever the rules of an area found. */
export function areaCheck({ areas, passes, ofRunning, ...about }: AreaCheck): Check {
	return check({
		...about,
		list: 'verify',
		needs: ['service'],
		look: ({ service, node }, { diagnoses, unexamined }) => {
			const found = byArea(diagnoses, ...areas)
			if (found.length > 0) return found
			if (ofRunning && service.state !== 'running' && service.state !== 'starting')
				return unseen('k3s is not seen to run, so that nothing of it can be seen at work', [
					`systemctl status ${shownUnit(node)}`,
				])
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
