// One file of everything: node .ci/bundle.mjs [OUTFILE]. Build first. The patches take what Ink and its friends do at
// load time out of the way of the first frame; none of them changes what is computed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const yoga = join(root, 'node_modules/yoga-layout/dist')

/** Yoga decodes its WebAssembly through fetch() and a top-level await; here it is made at once. */
const layoutAtOnce = {
	name: 'layout-at-once',
	setup({ onLoad, onResolve }) {
		const binary = /data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)/
		onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, () => ({
			resolveDir: join(yoga, 'src'),
			contents: `
				import load from '../binaries/yoga-wasm-base64-esm.js'
				import wrapAssembly from './wrapAssembly.js'
				import bytes from 'yoga-bytes'
				const module = {
					instantiateWasm(imports, done) {
						const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)
						done(instance)
						return instance.exports
					},
				}
				load(module)
				export default wrapAssembly(module)
				export * from './generated/YGEnums.js'`,
		}))
		onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => ({
			contents: readFileSync(path, 'utf8')
				.replace(binary, 'data:application/octet-stream;base64,')
				.replace('import.meta.url', '""'),
		}))
		onResolve({ filter: /^yoga-bytes$/ }, () => ({ path: 'yoga-bytes', namespace: 'yoga' }))
		onLoad({ filter: /./, namespace: 'yoga' }, () => ({
			contents: Buffer.from(
				binary.exec(readFileSync(join(yoga, 'binaries/yoga-wasm-base64-esm.js'), 'utf8'))?.[1] ?? '',
				'base64',
			),
			loader: 'binary',
		}))
	},
}

/** Ink looks for React's developer tools with a top-level await. */
const noDevelopers = {
	name: 'no-developers',
	setup({ onLoad }) {
		onLoad({ filter: /ink\/build\/reconciler\.js$/ }, ({ path }) => ({
			contents: readFileSync(path, 'utf8')
				.replaceAll("process.env['DEV'] === 'true'", 'false')
				.replaceAll(/await import\([^)]*\)/g, 'undefined'),
		}))
	},
}

/** Printable ASCII and the signs of the app's own frames: one character is one cell is one grapheme. */
const plain =
	'/^[ -~\\u2500-\\u259f\\u2026\\u00b7\\u2022\\u203a\\u276f\\u25ba\\u2713\\u2717\\u2190-\\u2193]*$/'

/** A segmenter takes 10 ms to make, string-width's tables of emoji 30 ms; plain text needs neither. */
const lateTables = {
	name: 'late-tables',
	setup({ onLoad }) {
		const late = text =>
			text.replaceAll(
				/new Intl\.Segmenter\(([^)]*)\)/g,
				(_, options) =>
					`({segment(t){return ${plain}.test(t)?Array.from(t,(segment,index)=>({segment,index})):(this.real??=new Intl.Segmenter(${options})).segment(t)}})`,
			)
		onLoad({ filter: /\/string-width\/index\.js$/ }, ({ path }) => {
			const text = readFileSync(path, 'utf8')
			const imports = text.match(/^import .*$/gm) ?? []
			const body = late(text.replace(/^import .*$/gm, '')).replace(
				'export default function',
				'return function',
			)
			return {
				resolveDir: dirname(path),
				contents: `${imports.join('\n')}
					const colours = /\\u001b\\[[\\d;]*m/g
					let whole
					const make = () => { ${body} }
					export default function width(text, options) {
						if (typeof text === 'string' && options === undefined) {
							const bare = text.includes('\\u001b') ? text.replace(colours, '') : text
							if (${plain}.test(bare)) return bare.length
						}
						whole ??= make()
						return whole(text, options)
					}`,
			}
		})
		const segmenting =
			/(ink\/build\/line-update|tokenize-ansi|build\/tokenize|wrap-ansi\/index|cli-truncate\/index)\.js$/
		onLoad({ filter: segmenting }, ({ path }) => ({ contents: late(readFileSync(path, 'utf8')) }))
	},
}

/** What stands between the command line and the first frame; all that is loaded later is compiled later, too. */
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
			contents: `module.exports = require('late-part')(${JSON.stringify(relative(root, path))})`,
		}))
		onResolve({ filter: /^late-part$/ }, () => ({ path: 'late-part', namespace: 'late-part' }))
	},
})

// The late part stands in a comment at the end: V8 reads over it, where even a string would cost it time.
const begin = '\n/*late-part\n'
const end = '\n*/\n'
/** What ends a comment must not stand in it. */
const hidden = text => text.replaceAll('*/', '*\u0001/')

const latePart = {
	name: 'late-part',
	setup({ onLoad }) {
		onLoad({ filter: /./, namespace: 'late-part' }, () => ({
			contents: `
				let part
				module.exports = name => {
					if (!part) {
						const Module = require('node:module')
						const file = require('node:fs').readFileSync(__filename, 'latin1')
						const from = file.lastIndexOf(${JSON.stringify(begin)}) + ${begin.length}
						const text = file.slice(from, -${end.length}).replaceAll('*\\u0001/', '*' + '/')
						const module = new Module(__filename, null)
						module.filename = __filename
						module.paths = Module._nodeModulePaths(require('node:path').dirname(__filename))
						module._compile(text, __filename)
						part = module.exports
					}
					return part[name]
				}`,
		}))
	},
}

const common = {
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	minify: true,
	logLevel: 'error',
	legalComments: 'none',
	external: ['@kubernetes/client-node'],
	define: {
		'process.env.NODE_ENV': '"production"',
		'process.env.K3S_DOCTOR_VERSION': JSON.stringify(version),
		'import.meta.url': 'moduleUrl',
	},
}
/** Only ASCII, regular expressions too: V8 keeps such a source in half the memory, and it may be read as latin1. */
const toAscii = text =>
	text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const patches = [layoutAtOnce, noDevelopers, lateTables]
const moduleUrl = "const moduleUrl=require('node:url').pathToFileURL(__filename).href;"

/** Writes the bundle and tells what went into it. */
export async function bundle(outfile) {
	const main = { ...common, entryPoints: [join(root, 'dist/src/cli.js')], metafile: true }
	const names = new Set()
	await build({ ...main, write: false, plugins: [lateImports(names), latePart, ...patches] })
	const late = await build({
		...common,
		stdin: {
			contents: [...names]
				.map(file => `exports[${JSON.stringify(relative(root, file))}] = require(${JSON.stringify(file)})`)
				.join('\n'),
			resolveDir: root,
		},
		banner: { js: moduleUrl },
		write: false,
		plugins: patches,
	})
	const { outputFiles, metafile } = await build({
		...main,
		outfile,
		write: false,
		banner: { js: `#!/usr/bin/env node\n${moduleUrl}` },
		footer: {
			js: `module.exports.main(process.argv.slice(2)).then(s=>{process.exitCode=s});${begin}${hidden(toAscii(late.outputFiles[0].text))}${end.trimEnd()}`,
		},
		plugins: [lateImports(names), latePart, ...patches],
	})
	mkdirSync(dirname(outfile), { recursive: true })
	writeFileSync(outfile, toAscii(outputFiles[0].text), { mode: 0o755 })
	return metafile
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await bundle(process.argv[2] ?? join(root, 'dist/k3s-doctor.cjs'))
}
