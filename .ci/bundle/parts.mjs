// The program as two texts: the early part stands between the command line and the first frame, the late part holds
// everything else and is compiled when it is asked for. Both are CommonJS and pure ASCII; in both the name `shipped`
// is free, which gives what lies beside them: `late(file)`, a module of the late part, and `recording(name)`.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { patchesFor } from './patches.mjs'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const { version, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What either part is a function of. */
export const parameters = ['exports', 'require', 'module', '__filename', 'shipped', 'moduleUrl']

const early = /dist\/src\/(cli|commands\/(app|demo|parse|help)|program\/run-app|tui\/mount|version)\.js$/

/** Turns each late `import()` into a look into the late part; notes them in `names`. */
const lateImports = names => ({
	name: 'late-imports',
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
			const file = join(resolveDir, path)
			if (kind !== 'dynamic-import' || early.test(file)) return undefined
			names.add(file)
			return { path: file, namespace: 'late' }
		})
		onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
			contents: `module.exports = shipped.late(${JSON.stringify(relative(root, path))})`,
		}))
	},
})

/** Recordings come out of the same file. */
const ownRecordings = {
	name: 'own-recordings',
	setup({ onLoad }) {
		onLoad({ filter: /dist\/src\/commands\/recordings\.js$/ }, () => ({
			contents: 'export const recordedBytes = async name => shipped.recording(name)',
		}))
	},
}

const common = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	minify: true,
	write: false,
	metafile: true,
	absWorkingDir: root,
	logLevel: 'error',
	legalComments: 'none',
	define: {
		'process.env.NODE_ENV': '"production"',
		'process.env.K3S_DOCTOR_VERSION': JSON.stringify(version),
		'import.meta.url': 'moduleUrl',
	},
}

/** Only ASCII, regular expressions too: V8 keeps such a source in half the memory, and it may be read as latin1. */
const toAscii = text =>
	text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The two texts, and what of which package went into them. */
export async function parts() {
	const names = new Set()
	const { patches, outputs } = await patchesFor(common)
	const first = await build({
		...common,
		// What is loaded for the first frame can be loaded without it, to make a code cache.
		stdin: {
			contents: `
				export { main, start } from './dist/src/cli.js'
				export const warm = () => [import('./dist/src/commands/demo.js'), import('./dist/src/tui/mount.js')]`,
			resolveDir: root,
		},
		plugins: [lateImports(names), ...patches],
	})
	const entries = [...names].sort().map(file => [JSON.stringify(relative(root, file)), JSON.stringify(file)])
	const second = await build({
		...common,
		// Each is run when it is asked for: who wants the help text does not load the rules.
		stdin: {
			contents: `module.exports = { ${entries.map(([name, file]) => `${name}: () => require(${file})`).join()} }`,
			resolveDir: root,
		},
		plugins: [ownRecordings, ...patches],
	})
	return {
		/** What is loaded before the first frame. */
		earlyPackages: packagesIn(Object.values(first.metafile.outputs)),
		early: toAscii(first.outputFiles[0].text),
		late: toAscii(second.outputFiles[0].text),
		packages: packagesIn([
			...outputs,
			...[first, second].flatMap(({ metafile }) => Object.values(metafile.outputs)),
		]),
	}
}

/** Folders of the packages that these files belong to, sorted. */
function packagesIn(outputs) {
	const files = outputs.flatMap(({ inputs }) =>
		Object.keys(inputs).filter(name => inputs[name].bytesInOutput > 0),
	)
	// Yoga's layout engine comes in by a way of its own.
	const found = [...files, 'node_modules/yoga-layout/'].map(
		path => /^.*?(node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path)?.[1],
	)
	return [...new Set(found.filter(Boolean))].sort()
}

/** The names of the recordings that ship with the package. */
export function shippedRecordings() {
	return files.map(file => /^test\/recordings\/(.*)\.tar\.gz$/.exec(file)?.[1]).filter(Boolean)
}

export function recordingFile(name) {
	return join(root, `test/recordings/${name}.tar.gz`)
}
