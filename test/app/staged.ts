/**
 * The app on a recorded node, as a program of its own. With `--live` the sources answer one by one, with pauses, as
 * those of a living node do: `node staged.js RECORDING [--live MS] [--ascii]`.
 */
import type { OnProgress } from '../../src/bundle/collect.js'
import type { Examination } from '../../src/examine.js'
import type { Bundle } from '../../src/model/bundle.js'
import { bundleDeeds } from '../../src/program/deeds.js'
import { type Examine, ofBundle, ofHost } from '../../src/program/examinations.js'
import { leave } from '../../src/program/leave.js'
import { type AppOptions, runApp } from '../../src/program/run-app.js'
import { sources } from '../../src/sources/index.js'
import { openRecording, recordingPath } from '../recording.js'

const [name = '', ...rest] = process.argv.slice(2)
const pause = rest.includes('--live') ? Number(rest[rest.indexOf('--live') + 1]) : undefined

let examination: Examination
const examine: Examine =
	pause === undefined
		? ofBundle(recordingPath(name), `${name}.tar.gz`)
		: ofHost(onProgress => askSlowly(name, pause, onProgress))

const options: AppOptions = {
	mode: pause === undefined ? 'bundle' : 'live',
	from: pause === undefined ? `${name}.tar.gz` : 'this host',
	ascii: rest.includes('--ascii'),
	deeds: async () => bundleDeeds('bundle', () => examination),
	examine: async telling => {
		examination = await examine(telling)
		return examination
	},
}

/** As if a host answered one source after the other. */
async function askSlowly(recording: string, ms: number, onProgress: OnProgress): Promise<Bundle> {
	const bundle = await openRecording(recording)
	const files = new Map<string, string>()
	for (const { name: source, wants } of sources) {
		for (const { file } of wants(bundle.node)) {
			onProgress({ source, asked: file, state: 'asking', ms: 0 }, () => bundle)
			const text = bundle.files.get(file)
			if (text !== undefined) files.set(file, text)
			onProgress(
				{ source, asked: file, state: text === undefined ? 'unanswered' : 'answered', ms },
				() => bundle,
			)
		}
		await new Promise(resolve => setTimeout(resolve, ms))
		onProgress({ source, asked: '', state: 'done', ms }, () => ({ ...bundle, files: new Map(files) }))
	}
	return bundle
}

await leave(await runApp(options))
