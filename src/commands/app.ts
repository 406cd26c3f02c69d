/** The app: on this node, on a saved bundle, or on a recording. Where there is no terminal, the text report. */
import type { Tab } from '../app/state.js'
import type { Redactor } from '../bundle/redact/redactor.js'
import type { Examination } from '../examine.js'
import { type AppOptions, runApp } from '../program/run-app.js'
import { suppressionFile } from '../program/suppressions.js'
import type { AppNode } from './app-node.js'
import { exitOf, exitStatus, failOnOf } from './exit.js'
import type { Parsed } from './parse.js'
import { pathsFrom } from './paths.js'

export interface AppStart {
	/** The name of a recording that ships with the package. */
	demo?: string
	tab?: Tab
	/** Opens this log, as soon as it is known; '' is that of k3s. */
	log?: string
	/** Of the cluster only what is in this namespace. */
	namespace?: string
}

export async function appCommand(
	parsed: Parsed,
	{ demo, tab, log, namespace }: AppStart = {},
): Promise<number> {
	const { values, switches } = parsed
	const from = values.get('from')
	// Standard input may be the bundle: then there are no keys.
	if (!hasScreen() || from === '-') {
		if (process.stdout.isTTY && process.env.TERM === 'dumb') {
			process.stderr.write('The terminal is a dumb one: here is the text report. TERM=xterm opens the app.\n')
		}
		return (await import('./diagnose.js')).diagnoseCommand(parsed)
	}
	if (demo === undefined && (await pathsFrom(parsed)).length > 1) {
		process.stderr.write('Several bundles are shown as text. To browse one of them, give it alone.\n')
		return (await import('./diagnose.js')).diagnoseCommand(parsed)
	}
	const options: AppOptions = {
		...subjectOf(parsed, from, demo),
		...(tab && { tab }),
		...(log !== undefined && { log }),
		...(namespace !== undefined && { namespace }),
		readOnly: switches.has('read-only'),
		noColour: switches.has('no-color'),
		ascii: switches.has('ascii'),
		suppressionFile,
		exitStatus: report => (demo !== undefined ? exitStatus.fine : exitOf(report, failOnOf(parsed))),
	}
	return runApp(options)
}

export function hasScreen(): boolean {
	return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb'
}

/** Rules, sources and the host's hands are loaded when the first frame stands already. */
const examinations = () => import('../program/examinations.js')

type Subjects = Pick<AppOptions, 'mode' | 'from' | 'examine' | 'deeds' | 'cluster'>

function subjectOf(parsed: Parsed, from: string | undefined, demo: AppStart['demo']): Subjects {
	if (demo !== undefined) {
		const name = `the recording ${demo}`
		return saved('demo', name, name, parsed, async () =>
			(await import('./recordings.js')).recordedBytes(demo),
		)
	}
	if (from !== undefined) {
		return saved('bundle', from, from, parsed)
	}
	let here: Promise<AppNode> | undefined
	const node = () => {
		here ??= import('./app-node.js').then(({ appNode }) => appNode(parsed))
		return here
	}
	return {
		mode: 'live',
		from: 'this host',
		examine: async telling => (await node()).examine(telling),
		deeds: async () => (await node()).deeds(),
		cluster: async () => (await node()).cluster(),
	}
}

/** A bundle or a recording: plans can be looked at. `content` gives what is not at the path. */
function saved(
	mode: 'bundle' | 'demo',
	path: string,
	from: string,
	parsed: Parsed,
	content?: () => Promise<Uint8Array>,
): Subjects {
	let examination: Examination | undefined
	let redact: (() => Promise<Redactor>) | undefined
	return {
		mode,
		from,
		examine: async telling => {
			const { ofBundle } = await examinations()
			const { sessionRedactor } = await import('./redaction.js')
			redact ??= sessionRedactor(parsed)
			const options = { redact: await redact(), ...(content && { bytes: await content() }) }
			examination = await ofBundle(path, from, options)(telling)
			return examination
		},
		deeds: async () => {
			const { bundleDeeds } = await import('../program/deeds.js')
			return bundleDeeds(mode, () => {
				if (!examination) throw new Error('it was not examined yet')
				return examination
			})
		},
	}
}
