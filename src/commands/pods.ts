/** `pods`: the app at its pods; without a terminal their table as text. */
import { podsText } from '../app/cluster/pods-text.js'
import { sightOf } from '../app/cluster/sight.js'
import { collect } from '../bundle/collect.js'
import { examine } from '../examine.js'
import type { Bundle } from '../model/bundle.js'
import type { SourceName } from '../model/evidence/index.js'
import { sources } from '../sources/index.js'
import { appCommand, hasScreen } from './app.js'
import { exitStatus } from './exit.js'
import { toStandardOutput } from './outlet.js'
import type { Parsed } from './parse.js'
import { openAsTold, redactorOf } from './redaction.js'

/** What tells of pods: the API, the runtime, the kubelet's folders. */
const asked: readonly SourceName[] = ['api', 'cluster', 'runtime', 'files']

export async function podsCommand(parsed: Parsed): Promise<number> {
	const [namespace] = parsed.positionals
	const from = parsed.values.get('from')
	if (hasScreen() && from !== '-')
		return appCommand(parsed, { tab: 'pods', ...(namespace !== undefined && { namespace }) })
	const bundle = from === undefined ? await askAboutPods(parsed) : await openAsTold(parsed, from)
	// Nothing is judged: only what was read counts.
	const subject = examine(bundle, [], from ?? 'this host')
	const sight = sightOf({ subject })
	if (!sight) return exitStatus.blind
	const { table, voice } = podsText(sight, namespace)
	await toStandardOutput(table)
	const none =
		namespace === undefined ? 'There are no pods' : `There are no pods in the namespace ${namespace}`
	process.stderr.write(table === '' ? `${none}, told by ${voice}.\n` : `Told by ${voice}.\n`)
	return sight.by === 'nowhere' ? exitStatus.blind : exitStatus.fine
}

async function askAboutPods(parsed: Parsed): Promise<Bundle> {
	const { findPatient } = await import('./live.js')
	const { host, node } = await findPatient(parsed)
	const limit = parsed.values.get('timeout')
	return collect(
		host,
		node,
		sources.filter(({ name }) => asked.includes(name)),
		{ ...(limit !== undefined && { limitSeconds: Number(limit) }), redact: await redactorOf(parsed) },
	)
}
