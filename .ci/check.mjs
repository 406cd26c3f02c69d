// `npm test`: type check (done by the build before), lint and format check, then the tests.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')

if (Number(process.versions.node.split('.')[0]) < 24) {
	console.error(`The tests want Node.js 24 and got ${process.version}. Run: npm ci --include=optional`)
	process.exit(1)
}

function run(command, args) {
	const { status } = spawnSync(join(bin, command), args, { cwd: root, stdio: 'inherit' })
	if (status !== 0) process.exit(status ?? 1)
}

run('biome', ['check', '--error-on-warnings', '.'])
run('vitest', ['run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)])
