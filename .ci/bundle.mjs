// One file of everything: node .ci/bundle.mjs [OUTFILE]. Build first. The patches take what Ink and its friends do at
// load time out of the way of the first frame; none of them changes what is computed.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

/** Writes the bundle and tells what went into it. */
export function bundle(outfile) {
	return build({
		entryPoints: [join(root, 'dist/src/cli.js')],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		minify: true,
		metafile: true,
		logLevel: 'error',
		legalComments: 'none',
		external: ['@kubernetes/client-node'],
		define: {
			'process.env.NODE_ENV': '"production"',
			'process.env.K3S_DOCTOR_VERSION': JSON.stringify(version),
			'import.meta.url': 'moduleUrl',
		},
		banner: {
			js: "#!/usr/bin/env node\nconst moduleUrl=require('node:url').pathToFileURL(__filename).href;",
		},
		footer: { js: 'module.exports.main(process.argv.slice(2)).then(s=>{process.exitCode=s});' },
		plugins: [layoutAtOnce, noDevelopers, lateTables],
	})
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await bundle(process.argv[2] ?? join(root, 'dist/k3s-doctor.cjs'))
}
