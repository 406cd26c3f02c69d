/** The scripts in the shells they are for: what Tab offers, and what it does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bashCompletion } from '../../src/commands/completion/bash.js'
import { fishCompletion } from '../../src/commands/completion/fish.js'
import { zshCompletion } from '../../src/commands/completion/zsh.js'
import { demoNodes } from '../../src/commands/demo-nodes.js'
import { commands } from '../../src/commands/table.js'
import { causes } from '../../src/model/causes.js'
import { run } from './program.js'
import { type Completing, completing, installed, type Shell } from './terminal-shell.js'

const scripts: Record<Shell, string> = {
	bash: bashCompletion(),
	zsh: zshCompletion(),
	fish: fishCompletion(),
}
const files = ['my bundle.tar.gz', 'other.log']
const names = commands.map(({ name }) => name).filter(Boolean)

describe.each(Object.keys(scripts) as Shell[])('%s', shell => {
	const here = installed(shell)
	if (!here) {
		it.skip(`is not installed here`, () => undefined)
		return
	}
	let tab: Completing
	beforeAll(async () => {
		tab = await completing(shell, scripts[shell], files)
	}, 120_000)
	afterAll(() => tab.close())

	const has = async (line: string, wanted: readonly string[], unwanted: readonly string[] = []) => {
		const offered = await tab.offered(line, wanted)
		expect(offered, line).toEqual(expect.arrayContaining([...wanted]))
		expect(
			unwanted.filter(word => offered.includes(word)),
			line,
		).toEqual([])
	}

	it('offers every command, and completes the one that is meant', async () => {
		await has('k3s-doctor ', names)
		await has('k3s-doctor diag', ['diagnose'], ['collect'])
	})

	it('offers the options of a command and no others', async () => {
		await has('k3s-doctor diagnose --', ['--from', '--format', '--fail-on'], ['--dry-run', '--remedy'])
		await has('k3s-doctor fix --', ['--dry-run', '--remedy'], ['--format'])
		await has('k3s-doctor --', ['--read-only', '--version'], ['--format'])
	})

	it('offers the values of an option', async () => {
		await has('k3s-doctor diagnose --format ', ['sarif', 'junit', 'html'], ['collect', files[1] ?? ''])
		await has('k3s-doctor preflight --format ', ['text', 'json'], ['sarif', 'html'])
		await has('k3s-doctor preflight --role ', ['server', 'agent'])
		await has('k3s-doctor diagnose --fail-on ', ['critical', 'warning', 'never'])
		await has('k3s-doctor completion ', ['bash', 'zsh', 'fish'])
	})

	it('offers causes and recordings, also behind an option with a value', async () => {
		await has('k3s-doctor explain ', Object.keys(causes))
		await has('k3s-doctor fix --unit k3s-edge cert-', ['cert-expired', 'cert-key-mismatch'], ['disk-full'])
		await has('k3s-doctor demo ', Object.keys(demoNodes))
	})

	it('offers files where a path stands', async () => {
		for (const line of ['k3s-doctor --from ', 'k3s-doctor collect -o ', 'k3s-doctor diff '])
			await has(line, [files[1] ?? ''], ['diagnose'])
		// A blank in a name is quoted, as the shell does it.
		expect((await tab.offered('k3s-doctor --from my', ['bundle.tar.gz'])).join(' ')).toMatch(
			/my\\? bundle\.tar\.gz/,
		)
	})

	it('completes behind an equals sign', async () => {
		// fish offers the option with its value.
		const words = ['sarif', 'junit'].map(word => (shell === 'fish' ? `--format=${word}` : word))
		await has('k3s-doctor diagnose --format=', words)
	})
})

describe('the command', () => {
	it.each(Object.entries(scripts))('prints the script for %s', async (shell, script) => {
		expect(await run(['completion', shell])).toMatchObject({ status: 0, stdout: script, stderr: '' })
	})

	it('says for which shells there is completion', async () => {
		const { status, stderr } = await run(['completion', 'powershell'])
		expect([status, stderr]).toEqual([2, expect.stringContaining('bash, zsh, fish')])
	})
})
