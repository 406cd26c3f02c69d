// `npm run release`: everything that is handed out, into dist/. `--arch amd64` makes one processor's files only.
// Two runs over one commit give the same bytes: SOURCE_DATE_EPOCH, or the commit's own time, is the only date in them.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root, version } from './bundle/parts.mjs'

const { values } = parseArgs({
	options: {
		arch: { type: 'string', default: 'amd64,arm64' },
		out: { type: 'string', default: join(root, 'dist') },
	},
})
const out = values.out
const dist = name => join(out, name)

function epochOf() {
	if (process.env.SOURCE_DATE_EPOCH) return Number(process.env.SOURCE_DATE_EPOCH)
	const { stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' })
	return Number(stdout?.trim() || 0)
}

function say(text) {
	console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${text}`)
}

// Who builds does not show in the modes of the files.
process.umask(0o022)
// Nothing of an earlier build may slip in.
for (const name of ['src', 'rules', '.tsbuildinfo'])
	rmSync(join(root, 'dist', name), { recursive: true, force: true })
mkdirSync(out, { recursive: true })
for (const name of readdirSync(out)) if (/^(k3s-doctor|SHA256|THIRD|install)/.test(name)) rmSync(dist(name))
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit' })
say('compiled')

const epoch = epochOf()
const { bundle } = await import('./bundle.mjs')
const { executable } = await import('./release/executable.mjs')
const { contentsOf } = await import('./release/contents.mjs')
const { debOf } = await import('./release/deb.mjs')
const { needsOf } = await import('./release/needs.mjs')
const { rpmName, rpmOf } = await import('./release/rpm.mjs')
const { billOfMaterials, licenceTexts } = await import('./release/third-party.mjs')

const made = await bundle(dist('k3s-doctor.cjs'))
say('k3s-doctor.cjs')
let node
for (const arch of values.arch.split(',')) {
	const name = `k3s-doctor-linux-${arch}`
	const { cached, ...inside } = await executable(arch, made, dist(name))
	node ??= inside
	say(`${name}${cached ? '' : ' (without a code cache: no qemu-aarch64-static with libraries here)'}`)
	const program = readFileSync(dist(name))
	const needs = needsOf(program)
	const texts = licenceTexts(made.packages, inside)
	const common = { arch, version, epoch }
	const deb = `k3s-doctor_${version}_${arch}.deb`
	writeFileSync(
		dist(deb),
		await debOf({ ...common, files: contentsOf('deb', program, texts, epoch), needs: needs.debian }),
	)
	say(deb)
	writeFileSync(
		dist(rpmName(common)),
		rpmOf({ ...common, files: contentsOf('rpm', program, texts, epoch), needs: needs.rpm }),
	)
	say(rpmName(common))
}
writeFileSync(dist('THIRD-PARTY-LICENSES.txt'), licenceTexts(made.packages, node))
const bill = billOfMaterials(made.packages, node, epoch)
writeFileSync(dist('k3s-doctor.cdx.json'), `${JSON.stringify(bill, undefined, '\t')}\n`)
execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: root })
say(`k3s-doctor-${version}.tgz`)
copyFileSync(join(root, '.ci/install.sh'), dist('install.sh'))

const sums = readdirSync(out)
	.filter(name => /^(k3s-doctor|THIRD|install)/.test(name))
	.sort()
	.map(
		name =>
			`${createHash('sha256')
				.update(readFileSync(dist(name)))
				.digest('hex')}  ${name}\n`,
	)
writeFileSync(dist('SHA256SUMS'), sums.join(''))
say(`${sums.length} files in ${out}`)
