/** Who may import whom: every import of every file is held against the table of rooms. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Room -> what it may import besides itself: rooms, `type:` rooms for types only, and packages. */
const table: Record<string, readonly string[]> = {
	model: [],
	rule: ['model'],
	check: ['model', 'rule'],
	rules: ['rule', 'check'],
	host: ['model', 'node:*', 'execa', '@kubernetes/client-node', 'type:remedies'],
	sources: ['model', 'type:host', 'node:crypto', 'yaml'],
	bundle: ['model', 'sources', 'type:host', 'node:*', 'tar-stream', 'yaml'],
	engine: ['model', 'type:rule', 'type:check'],
	remedies: ['model', 'type:host', 'type:rule', 'yaml', 'diff', 'node:crypto', 'node:path'],
	report: ['model', 'string-width'],
	app: ['model', 'report', 'fuse.js', 'string-width'],
	tui: ['app', 'model', 'ink', 'react', 'string-width'],
}

/** Glue that binds rooms together may import them all. */
const glue = new Set(['cli', 'commands', 'examine', 'reexamine', 'version', 'program'])

function filesBelow(dir: string): string[] {
	return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
		const path = join(dir, entry.name)
		if (entry.isDirectory()) return filesBelow(path)
		return /\.tsx?$/.test(entry.name) ? [path] : []
	})
}

function roomOf(path: string): string {
	const [top = '', second = ''] = relative(root, path).split('/')
	if (top !== 'src') return top
	return second.replace(/\.tsx?$/, '')
}

interface Import {
	from: string
	typeOnly: boolean
}

function importsOf(text: string): Import[] {
	const found: Import[] = []
	for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?([^'"]*?)\s*from\s+'([^']+)'/gm)) {
		const names = match[2] ?? ''
		const braces = /\{([^}]*)\}/.exec(names)?.[1]
		const allTypes =
			braces !== undefined &&
			!/^\s*\w/.test(names) &&
			braces
				.split(',')
				.filter(name => name.trim())
				.every(name => name.trim().startsWith('type '))
		found.push({ from: match[3] ?? '', typeOnly: match[1] !== undefined || allTypes })
	}
	for (const match of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g))
		found.push({ from: match[1] ?? '', typeOnly: false })
	for (const match of text.matchAll(/^\s*import\s+'([^']+)'/gm))
		found.push({ from: match[1] ?? '', typeOnly: false })
	return found
}

function allowed(room: string, path: string, { from, typeOnly }: Import): boolean {
	const may = table[room] ?? []
	if (from.startsWith('.')) {
		const target = roomOf(join(dirname(path), from.replace(/\.js$/, '.ts')))
		return target === room || may.includes(target) || (typeOnly && may.includes(`type:${target}`))
	}
	return may.includes(from) || (from.startsWith('node:') && may.includes('node:*'))
}

const files = [...filesBelow(join(root, 'src')), ...filesBelow(join(root, 'rules'))]

describe('the rooms', () => {
	it('are entered only through the doors that the table names', () => {
		const wrong = files.flatMap(path => {
			const room = roomOf(path)
			if (glue.has(room)) return []
			if (!(room in table)) return [`${relative(root, path)}: a room that the table does not know`]
			return importsOf(readFileSync(path, 'utf8'))
				.filter(imported => !allowed(room, path, imported))
				.map(({ from }) => `${relative(root, path)} imports ${from}`)
		})
		expect(wrong).toEqual([])
	})

	it('are read: the check sees imports, types and dynamic ones', () => {
		const text =
			"import { a, type B } from './x.js'\nimport type { C } from 'y'\nawait import('z')\nimport 'w'\n"
		expect(importsOf(text)).toEqual([
			{ from: './x.js', typeOnly: false },
			{ from: 'y', typeOnly: true },
			{ from: 'z', typeOnly: false },
			{ from: 'w', typeOnly: false },
		])
	})

	it('hold no shell: nothing runs a command line as text', () => {
		const shelled = files.filter(path =>
			/shell:\s*true|\bexecSync\(|\bexec\('|execaCommand/.test(readFileSync(path, 'utf8')),
		)
		expect(shelled.map(path => relative(root, path))).toEqual([])
	})
})
