/** The screens in README.md are the program's own; node .ci/readme-screen.mjs writes them anew. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { commands } from '../../src/commands/table.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('README.md shows the report as the program prints it', async () => {
	// Plain JavaScript, which set-up and CI run without a build.
	const script: { withScreens(text: string): string } = await import(
		new URL('../../.ci/readme-screen.mjs', import.meta.url).href
	)
	expect(readme).toContain('<!-- screen:')
	expect(script.withScreens(readme)).toBe(readme)
})

it('README.md names only commands that there are', () => {
	const named = [...readme.matchAll(/k3s-doctor ([a-z][a-z-]+)/g)].map(match => match[1] ?? '')
	const known = new Set([...commands.map(({ name }) => name), 'on', 'is', 'needs', 'asks', 'tells'])
	expect(named.filter(name => !known.has(name))).toEqual([])
})
