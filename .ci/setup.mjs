// Set-up for a fresh checkout, under whatever Node.js the machine has: installs what the lock file names (a Node.js 24
// among it) when that changed, and with --build compiles what changed. Plain JavaScript, no dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.setup-stamp')

function run(command, args, quiet) {
	const result = spawnSync(command, args, {
		cwd: root,
		stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
		env: { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` },
		encoding: 'utf8',
	})
	if (result.status === 0) return
	process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
	const why = result.error ? `: ${result.error.message}` : ` with exit status ${result.status}`
	console.error(`Set-up stopped: "${[command, ...args].join(' ')}" failed${why}.`)
	process.exit(1)
}

const wanted = createHash('sha256')
	.update(readFileSync(join(root, 'package-lock.json')))
	.update(readFileSync(join(root, 'package.json')))
	.update(process.arch)
	.digest('hex')
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
if (installed !== wanted) {
	console.error('Setting up: installing packages (once)…')
	run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], false)
	writeFileSync(stamp, wanted)
}

if (process.argv.includes('--build')) {
	run(join(bin, 'tsc'), ['-p', 'tsconfig.json'], true)
}
