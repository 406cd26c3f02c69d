// The Node.js of a processor, from the package that the lock file names: installed here, or fetched and checked.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../bundle/parts.mjs'
import { untar } from './tar.mjs'

const cache = join(root, 'node_modules/.cache/k3s-doctor')
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

/** Debian's name of a processor -> Node's. */
export const architectures = { amd64: 'x64', arm64: 'arm64' }

/** `{version, program, licence}`: the program is the path of an executable. */
export async function nodeOf(arch) {
	const name = `node-linux-${architectures[arch]}`
	const { version, integrity } = packages[`node_modules/${name}`]
	const installed = join(root, 'node_modules', name)
	const folder = existsSync(join(installed, 'bin/node')) ? installed : join(cache, `${name}-${version}`)
	if (!existsSync(join(folder, 'bin/node'))) await fetchTo(folder, `${name}@${version}`, integrity)
	return {
		version,
		program: join(folder, 'bin/node'),
		licence: readFileSync(join(folder, 'LICENSE'), 'utf8'),
	}
}

async function fetchTo(folder, spec, integrity) {
	mkdirSync(cache, { recursive: true })
	const packed = execFileSync('npm', ['pack', spec, '--silent', '--pack-destination', cache], {
		encoding: 'utf8',
		cwd: root,
	}).trim()
	const bytes = readFileSync(join(cache, packed))
	rmSync(join(cache, packed))
	const sum = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
	if (sum !== integrity) throw new Error(`${spec} is not what package-lock.json names`)
	mkdirSync(join(folder, 'bin'), { recursive: true })
	for (const [name, content] of await untar(bytes)) {
		if (name === 'package/LICENSE') writeFileSync(join(folder, 'LICENSE'), content)
		if (name === 'package/bin/node') writeFileSync(join(folder, 'bin/node'), content, { mode: 0o755 })
	}
}

/**
 * What to put before a program of this processor so that it runs here: nothing, or an emulator with the libraries it
 * needs. `undefined` where there is none.
 */
export function runnerOf(arch) {
	if (architectures[arch] === process.arch) return []
	if (arch !== 'arm64') return undefined
	const emulator = 'qemu-aarch64-static'
	if (spawnSync(emulator, ['--version']).status !== 0) return undefined
	const libraries = arm64Libraries()
	return libraries && [emulator, '-L', libraries]
}

/** Debian's C and C++ libraries for arm64, in a folder of their own; nothing is installed. */
function arm64Libraries() {
	const folder = join(cache, 'arm64-libraries')
	if (existsSync(join(folder, 'done'))) return folder
	const apt = join(cache, 'apt')
	for (const inner of ['state/lists/partial', 'cache/archives/partial', 'debs'])
		mkdirSync(join(apt, inner), { recursive: true })
	writeFileSync(join(apt, 'status'), '')
	const options = [
		'APT::Architecture=arm64',
		'APT::Architectures=arm64',
		`Dir::State=${apt}/state`,
		`Dir::Cache=${apt}/cache`,
		`Dir::State::status=${apt}/status`,
		'APT::Sandbox::User=root',
	].flatMap(option => ['-o', option])
	const ask = (...args) =>
		spawnSync('apt-get', [...options, '-qq', ...args], { cwd: join(apt, 'debs') }).status === 0
	if (!ask('update') || !ask('download', 'libc6', 'libstdc++6', 'libgcc-s1')) return undefined
	const unpack = 'for deb in *.deb; do dpkg-deb -x "$deb" "$0" || exit 1; done'
	if (spawnSync('sh', ['-c', unpack, folder], { cwd: join(apt, 'debs') }).status !== 0) return undefined
	writeFileSync(join(folder, 'done'), '')
	rmSync(apt, { recursive: true })
	return folder
}
