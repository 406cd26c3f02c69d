// The single executable: Node.js without its symbols, with the program, its code cache and the recordings inside.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { zstdCompressSync } from 'node:zlib'
import { inject } from 'postject'
import { version as ownVersion, parameters, recordingFile, shippedRecordings } from '../bundle/parts.mjs'
import { nodeOf, runnerOf } from './node.mjs'
import { stripped } from './strip.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))
/** One helping thread keeps less than four do. V8's own flags are set later (src/program/engine.ts): under them it would not take Node.js' code cache. Nothing of the environment changes how the program runs. */
const execArgv = ['--v8-pool-size=1']
/** A code cache shows when garbage was collected: so none is. Chance is the same each time. */
const sameEachTime = ['--random-seed=1', '--min-semi-space-size=256', '--max-semi-space-size=256']
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** Writes the executable; tells whether it has a code cache, and what Node.js is in it. */
export async function executable(arch, { early, late }, outfile) {
	const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-build-'))
	try {
		const at = name => join(folder, name)
		const { version, program, licence } = await nodeOf(arch)
		writeFileSync(at('node'), stripped(readFileSync(program)), { mode: 0o755 })
		const wrapped = text => `(function(${parameters}){${text}\n})`
		writeFileSync(at('early.js'), wrapped(early))
		writeFileSync(at('late.js'), wrapped(late))
		const runner = runnerOf(arch)
		if (runner) {
			const [command, ...args] = [...runner, at('node'), ...sameEachTime, ...execArgv]
			const recordings = dirname(recordingFile('any'))
			execFileSync(command, [...args, here('cache.cjs'), folder, recordings], {
				stdio: 'inherit',
			})
		}
		const plain = ['early.js', ...(runner ? ['early.cache'] : [])]
		// Packed, because it is needed once, and a mapped file counts as memory for as long as the program runs.
		const packed = ['late.js', ...(runner ? ['late.cache'] : [])]
		for (const name of packed) writeFileSync(at(`${name}.zst`), zstdCompressSync(readFileSync(at(name))))
		writeFileSync(
			at('main.js'),
			mainText(Object.fromEntries(packed.map(name => [name, statSync(at(name)).size]))),
		)
		const names = [...plain, ...packed.map(name => `${name}.zst`)]
		// Paths that stand in the executable: none of this machine's.
		const assets = Object.fromEntries([
			...names.map(name => [name, name]),
			...shippedRecordings().map(name => [`${name}.tar.gz`, recordingFile(name)]),
		])
		const config = {
			main: 'main.js',
			output: 'blob',
			disableExperimentalSEAWarning: true,
			useCodeCache: false,
			execArgv,
			execArgvExtension: 'none',
			assets,
		}
		writeFileSync(at('sea.json'), JSON.stringify(config))
		execFileSync(process.execPath, ['--experimental-sea-config', 'sea.json'], { cwd: folder, stdio: 'pipe' })
		await inject(at('node'), 'NODE_SEA_BLOB', readFileSync(at('blob')), { sentinelFuse: fuse })
		copyFileSync(at('node'), outfile)
		chmodSync(outfile, 0o755)
		return { cached: runner !== undefined, version, licence }
	} finally {
		rmSync(folder, { recursive: true, force: true })
	}
}

/** `sizes` are those of the packed parts, unpacked: each then comes into one piece of memory, which goes as one. */
function mainText(sizes) {
	return `${readFileSync(here('loader.cjs'), 'utf8').replace('module.exports =', 'const load =')}
const { getRawAsset } = require('node:sea')
const sizes = new Map(Object.entries(${JSON.stringify(sizes)}))
const source = name => {
	try {
		const chunkSize = sizes.get(name)
		const asset = Buffer.from(getRawAsset(chunkSize ? name + '.zst' : name))
		return chunkSize ? require('node:zlib').zstdDecompressSync(asset, { chunkSize }) : asset
	} catch (error) {
		if (name.endsWith('.cache')) return undefined
		throw error
	}
}
// Asked by scripts, many times.
if (process.argv.length === 3 && process.argv[2] === '--version') require('node:fs').writeSync(1, '${ownVersion}\\n')
else
	load(source).early.start(process.argv.slice(2))
`
}
