/** `self-check`: what the doctor itself is, and what it can and cannot reach on this host. It asks all that it ever asks. */
import { readEvidence } from '../bundle/read.js'
import { exitStatus } from './exit.js'
import { lookOf } from './options.js'
import { toStandardOutput } from './outlet.js'
import type { Parsed } from './parse.js'
import { programLines } from './self-check/programs.js'
import { ownLines, placeLines, rightsLine, terminalLine, versionLine } from './self-check/self.js'
import { sourceLines, type Watched, watching } from './self-check/sources.js'
import { type Line, selfCheckText } from './self-check/text.js'

export async function selfCheckCommand(parsed: Parsed): Promise<number> {
	const began = performance.now()
	const own = await ownLines()
	const [{ askPatient, findPatient }, { sources }] = await Promise.all([
		import('./live.js'),
		import('../sources/index.js'),
	])
	const patient = await findPatient(parsed)
	const found = Math.round(performance.now() - began)
	const watched: Watched = new Map()
	const bundle = await askPatient(patient, parsed, watching(watched))
	const { evidence, gaps } = readEvidence(bundle, sources)
	const rights = rightsLine(bundle.node)
	const asked = sourceLines(sources, watched, gaps, evidence)
	const text = selfCheckText(
		{
			version: versionLine(),
			sections: [
				{ title: 'The doctor', lines: own },
				{
					title: 'This host',
					lines: [
						rights,
						patientLine(evidence.service?.state, bundle.node, found),
						await terminalLine(),
						...(await placeLines(bundle.node)),
					],
				},
				{ title: 'Programs, and how long the slowest question took', lines: programLines(bundle) },
				{ title: 'Sources, and how long each took', lines: asked.map(({ line }) => line) },
			],
			blind: [
				...(rights.mark === 'no' ? [rights.says] : []),
				...asked.flatMap(({ blind }) => (blind ? [blind] : [])),
			],
			ms: performance.now() - began,
		},
		lookOf(parsed),
	)
	await toStandardOutput(text)
	return rights.mark === 'no' || asked.some(({ blind }) => blind) ? exitStatus.blind : exitStatus.fine
}

function patientLine(
	state: string | undefined,
	{ unit, role, init, dataDir }: { unit: string; role: string; init: string; dataDir: string },
	ms: number,
): Line {
	const none = state === 'not-installed'
	return {
		mark: none ? 'absent' : 'yes',
		name: 'k3s',
		says: none
			? `not installed here (${init === 'none' ? 'no systemd or OpenRC' : init})`
			: `${unit} under ${init === 'none' ? 'no init system' : init}, ${role === 'unknown' ? 'role unknown' : role}, data in ${dataDir}`,
		ms,
	}
}
