// The app's figures: of the bundle that is shipped, built for this run.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../.ci/bundle.mjs'
import { benchApp } from '../../dist/test/bench/app.js'

/** As deep below the root as the compiled commands are: the recordings of the demo are found from there. */
const outfile = join(
	dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
	'dist/bundle/app/k3s-doctor.cjs',
)

export async function appFigures() {
	await bundle(outfile)
	const measures = await benchApp(outfile)
	return measures.map(({ what, because, ...figure }) => ({ what: `${what} (bound: ${because})`, ...figure }))
}
