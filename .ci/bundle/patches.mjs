// What Ink and its friends do at load time is taken out of the way of the first frame, and what nobody calls stays
// outside. None of these patches changes what is computed.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const modules = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'node_modules')

const yoga = join(modules, 'yoga-layout/dist')

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

/**
 * The kubeconfig is read with the Kubernetes client, and the requests are our own. Its thousands of API classes stay
 * outside, and so does undici, through which it would send its own requests. Put together on its own, for esbuild
 * leaves out nothing of a package that is imported late. `{text, outputs}`: one module, and what is in it.
 */
async function clientPart(options) {
	const source = join(dirname(modules), 'dist/src')
	const named = new Set()
	for (const name of readdirSync(source, { recursive: true }).filter(name => name.endsWith('.js'))) {
		const text = readFileSync(join(source, name), 'utf8')
		if (/\w = await import\('@kubernetes/.test(text))
			throw new Error(`${name}: name what of the client it needs`)
		for (const [, list] of text.matchAll(/\{([\w, ]+)\} = await import\('@kubernetes/g))
			for (const one of list.split(',')) named.add(one.trim())
	}
	const contents = `export { ${[...named].sort().join()} } from '@kubernetes/client-node'`
	const { outputFiles, metafile } = await build({
		...options,
		stdin: { contents, resolveDir: dirname(modules) },
		format: 'esm',
		minify: false,
		plugins: [unused],
	})
	return { text: outputFiles[0].text, outputs: Object.values(metafile.outputs) }
}

const smallClient = text => ({
	name: 'small-client',
	setup({ onLoad, onResolve }) {
		onResolve({ filter: /^@kubernetes\/client-node$/ }, ({ path }) => ({ path, namespace: 'small-client' }))
		onLoad({ filter: /./, namespace: 'small-client' }, () => ({ contents: text, resolveDir: modules }))
	},
})

/** Of these modules only what is called is taken. */
const unused = {
	name: 'unused',
	setup({ onLoad, onResolve, resolve }) {
		onResolve({ filter: /./ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
			if (pluginData === 'found') return undefined
			if (path === 'undici') return { path, namespace: 'undici' }
			const found = await resolve(path, { importer, kind, resolveDir, pluginData: 'found' })
			// What is not there is asked for by those who can do without it.
			if (found.errors.length > 0) return { path, external: true }
			return { path: found.path, external: found.external, sideEffects: false }
		})
		onLoad({ filter: /./, namespace: 'undici' }, () => ({
			contents: `
				export const Agent = class { constructor() { throw new Error('undici is not in this file') } }
				export { Agent as ProxyAgent, Agent as fetch }`,
		}))
	},
}

/** The patches for builds with these options, and what they bring in by a way of their own. */
export async function patchesFor(options) {
	const { text, outputs } = await clientPart(options)
	return { patches: [layoutAtOnce, noDevelopers, lateTables, smallClient(text)], outputs }
}
