// `npm run release` twice, the second time at another time and in another time zone: are the bytes the same?
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './bundle/parts.mjs'

function release(args, env = {}) {
	const { status } = spawnSync(process.execPath, [join(root, '.ci/release.mjs'), ...args], {
		stdio: 'inherit',
		env: { ...process.env, ...env },
		// A build that stands still is a failure, not a wait.
		timeout: 900_000,
	})
	if (status !== 0) process.exit(status ?? 1)
}

const lines = folder => readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')

const [arch = process.arch === 'arm64' ? 'arm64' : 'amd64'] = process.argv.slice(2)
const again = mkdtempSync(join(tmpdir(), 'k3s-doctor-again-'))
try {
	release([])
	release(['--arch', arch, '--out', again], { TZ: 'Pacific/Auckland', LC_ALL: 'C' })
	const first = new Set(lines(join(root, 'dist')))
	const other = lines(again).filter(line => !first.has(line))
	for (const line of other) console.error(`Not the same twice: ${line}`)
	if (other.length > 0) process.exit(1)
	console.log(`${lines(again).length} files are the same twice.`)
} finally {
	rmSync(again, { recursive: true, force: true })
}
