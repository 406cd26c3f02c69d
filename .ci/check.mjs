// `npm test`: type check (done by the build before), lint and format check, then the tests.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
// Each table of cases leaves its score, so that they stand together at the end.
const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-scores-'))
const scores = join(folder, 'scores.txt')
process.env.K3S_DOCTOR_SCORES = scores
process.on('exit', () => {
	try {
		process.stdout.write(`\nScores\n${readFileSync(scores, 'utf8')}`)
	} catch {
		// No table was run.
	}
	rmSync(folder, { recursive: true, force: true })
})
run('vitest', ['run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)])
