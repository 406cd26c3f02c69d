/**
 * The app on a recorded node, as a program of its own. With `--live` the sources answer one by one, with pauses, as
 * those of a living node do: `node staged.js RECORDING [--live MS] [--ascii]`.
 */
import { rules } from '../../rules/index.js'
import { type AppOptions, runApp } from '../../src/app-program.js'
import { examine } from '../../src/examine.js'
import { sources } from '../../src/sources/index.js'
import { openRecording } from '../recording.js'

const [name = '', ...rest] = process.argv.slice(2)
const pause = rest.includes('--live') ? Number(rest[rest.indexOf('--live') + 1]) : undefined

const options: AppOptions = {
	mode: pause === undefined ? 'bundle' : 'live',
	from: pause === undefined ? `${name}.tar.gz` : 'this host',
	ascii: rest.includes('--ascii'),
	examine: async ({ source, found, signal }) => {
		const bundle = await openRecording(name)
		if (pause === undefined) return examine(bundle, rules, `${name}.tar.gz`)
		const files = new Map<string, string>()
		for (const { name: own, title } of sources) source({ source: own, title, asked: '', state: 'waiting' })
		for (const { name: own, title, wants } of sources) {
			if (signal.aborted) break
			const wanted = wants(bundle.node).map(({ file }) => file)
			source({ source: own, title, asked: wanted.join(', '), state: 'asking' })
			await new Promise(resolve => setTimeout(resolve, pause))
			let got = 0
			for (const [file, text] of bundle.files) {
				if (!wanted.some(want => file === want || file.startsWith(want))) continue
				files.set(file, text)
				got += 1
			}
			source({ source: own, title, asked: wanted.join(', '), state: got > 0 ? 'answered' : 'unanswered', ms: pause })
			found(examine({ ...bundle, files }, rules, 'this host'))
		}
		return examine(bundle, rules, 'this host')
	},
}

process.exitCode = await runApp(options)
