/** The README's frames are the program's own, as it is now. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { keysMarkdown } from '../src/app/keys/readme.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const hint = 'not fresh; run: npm run build && node test/readme-frames.mjs'

it('shows the app as it is', { timeout: 180_000 }, async () => {
	const { frame }: { frame(name: string): Promise<string> } = await import('./readme-frames.mjs' as string)
	const shown = [...readme.matchAll(/<!-- frames:([\w-]+) -->\n```text\n([\s\S]*?)\n```\n<!-- \/frames -->/g)]
	expect(shown.length).toBeGreaterThan(1)
	for (const [, name = '', text] of shown)
		expect(text, `the frame ${name} is ${hint}`).toBe(await frame(name))
})

it('lists the keys as they are', () => {
	const table = /<!-- keys -->\n([\s\S]*?)\n<!-- \/keys -->/.exec(readme)?.[1]
	expect(table, `the table of keys is ${hint}`).toBe(keysMarkdown())
})
