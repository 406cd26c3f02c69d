/** Bundle -> Evidence: every source reads what is its own, and says what it misses. */
import type { Bundle } from '../model/bundle.js'
import type { Evidence, SourceEvidence, SourceName } from '../model/evidence/index.js'
import type { Gap } from '../model/gap.js'
import { serviceOf } from '../sources/service.js'
import type { Source } from '../sources/source.js'
import { entriesByFile, gapsOf } from './gaps.js'

function messageOf(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).slice(0, 300)
}

/** A source that could not read what it was given: its evidence is missing, and that is told. */
function crashed(source: Source, bundle: Bundle, error: unknown): Gap {
	const [want] = source.wants(bundle.node)
	return {
		source: source.name,
		file: want?.file ?? '',
		why: 'unreadable',
		detail: `Reading it failed: ${messageOf(error)}`,
		askFor: want?.askFor ?? '',
		matters: source.matters ?? false,
	}
}

function put<N extends SourceName>(evidence: Evidence, name: N, value: SourceEvidence[N]): void {
	const part: Partial<SourceEvidence> = evidence
	part[name] = value
}

/** Lets each of `sources` read the bundle. Never throws; what could not be read is a gap. */
export function readEvidence(
	bundle: Bundle,
	sources: readonly Source[],
): { evidence: Evidence; gaps: Gap[] } {
	const evidence: Evidence = { node: bundle.node }
	const gaps: Gap[] = []
	const entries = entriesByFile(bundle)
	for (const source of sources) {
		try {
			gaps.push(...gapsOf(source, bundle, entries))
			const read = source.parse(bundle)
			if (read !== undefined) put(evidence, source.name, read)
		} catch (error) {
			gaps.push(crashed(source, bundle, error))
		}
	}
	try {
		evidence.service = serviceOf(evidence)
	} catch (error) {
		gaps.push({
			source: 'units',
			file: 'commands/systemctl-show.txt',
			why: 'unreadable',
			detail: `The state of the service could not be told: ${messageOf(error)}`,
			askFor: `systemctl status ${bundle.node.unit}`,
			matters: true,
		})
	}
	return { evidence, gaps }
}
