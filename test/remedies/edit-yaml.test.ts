import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { editYaml } from '../../src/remedies/edit-yaml.js'

const config = `# k3s on edge-7   (by hand)

write-kubeconfig-mode: "0644"   # for the CI user
tls-san: # names
  # the load balancer
  - k3s.example.org   # DNS
  - "10.0.0.5"
  # between

  - 'api.local' # last

# pass-through
kubelet-arg:
- max-pods=200
- eviction-hard=memory.available<100Mi
node-label: [a=b, 'c=d']  # flow
cluster-cidr: 10.42.0.0/16
disable+: traefik
token:
notes: |
  two
  lines

# the end
`

function edited(text: string, changes: Parameters<typeof editYaml>[1]): string {
	const result = editYaml(text, changes)
	if (!result.ok) throw new Error(result.why)
	return result.text
}

/** Lines of the old text that are gone and lines of the new that came, by content. */
function changedLines(before: string, after: string): { gone: string[]; came: string[] } {
	const rest = after.split('\n')
	const gone = before.split('\n').filter(line => {
		const at = rest.indexOf(line)
		if (at >= 0) rest.splice(at, 1)
		return at < 0
	})
	return { gone, came: rest }
}

describe('editYaml', () => {
	it('replaces a scalar and keeps its quotes and its comment', () => {
		expect(changedLines(config, edited(config, { set: { 'write-kubeconfig-mode': '0600' } }))).toEqual({
			gone: ['write-kubeconfig-mode: "0644"   # for the CI user'],
			came: ['write-kubeconfig-mode: "0600"   # for the CI user'],
		})
	})

	it('takes one item out of a list', () => {
		expect(changedLines(config, edited(config, { dropFrom: { 'kubelet-arg': ['max-pods=200'] } }))).toEqual({
			gone: ['- max-pods=200'],
			came: [],
		})
		expect(changedLines(config, edited(config, { dropFrom: { 'node-label': ['a=b'] } }))).toEqual({
			gone: ["node-label: [a=b, 'c=d']  # flow"],
			came: ["node-label: ['c=d']  # flow"],
		})
	})

	it('adds an item at the end of a list, indented as its neighbours, once', () => {
		const once = edited(config, { addTo: { 'tls-san': ['192.168.1.9'] } })
		expect(changedLines(config, once)).toEqual({ gone: [], came: ['  - 192.168.1.9'] })
		expect(once).toContain("  - 'api.local' # last\n  - 192.168.1.9\n\n# pass-through")
		expect(edited(once, { addTo: { 'tls-san': ['192.168.1.9'] } })).toBe(once)
	})

	it('makes a list of a single value when one is added', () => {
		expect(parse(edited(config, { addTo: { 'disable+': ['servicelb'] } }))['disable+']).toEqual([
			'traefik',
			'servicelb',
		])
	})

	it('removes a key with its value, and a list that lost its last item', () => {
		expect(changedLines(config, edited(config, { remove: ['cluster-cidr'] }))).toEqual({
			gone: ['cluster-cidr: 10.42.0.0/16'],
			came: [],
		})
		const { gone, came } = changedLines(
			config,
			edited(config, {
				dropFrom: { 'kubelet-arg': ['max-pods=200', 'eviction-hard=memory.available<100Mi'] },
			}),
		)
		expect(gone).toEqual(['kubelet-arg:', '- max-pods=200', '- eviction-hard=memory.available<100Mi'])
		expect(came).toEqual([])
	})

	it('gives an empty key a value, and appends a new key', () => {
		expect(
			changedLines(config, edited(config, { set: { token: 'x', server: 'https://10.0.0.5:6443' } })),
		).toEqual({ gone: ['token:'], came: ['token: x', 'server: https://10.0.0.5:6443'] })
	})

	it('makes a file that is not there', () => {
		expect(edited('', { set: { failCgroupV1: false, 'tls-san': ['a', 'b'] } })).toBe(
			'failCgroupV1: false\ntls-san:\n  - a\n  - b\n',
		)
		expect(edited('# only a comment\n', { set: { server: 'https://a:6443' } })).toBe(
			'# only a comment\nserver: https://a:6443\n',
		)
	})

	it('quotes what another YAML reader would take for something else', () => {
		for (const value of [
			'yes',
			'no',
			'on',
			'0644',
			'1.10',
			'1e3',
			'null',
			'~',
			'12:30',
			'true',
			'',
			' a',
			'- b',
		])
			expect(edited('', { set: { key: value } }), value).toMatch(/^key: ["'].*["']\n$/)
		expect(parse(edited('', { set: { key: 'a: b #c' } })).key).toBe('a: b #c')
	})

	it('keeps line ends of another system, and a byte order mark', () => {
		const text = '\ufeffa: 1 # one\r\nb:\r\n  - x\r\n'
		expect(edited(text, { set: { a: 2 }, addTo: { b: ['w'] } })).toBe(
			'\ufeffa: 2 # one\r\nb:\r\n  - x\r\n  - w\r\n',
		)
	})

	it('adds a line break where the last line had none', () => {
		expect(edited('a: 1', { set: { b: 2 } })).toBe('a: 1\nb: 2\n')
		expect(edited('a:\n- 1', { addTo: { a: ['2'] } })).toBe('a:\n- 1\n- "2"\n')
	})

	it.each([
		['a tab', 'a: 1\n\tb: 2\n'],
		['a missing colon', 'server https://x\ntoken: y\n'],
		['the same key twice', 'a: 1\na: 2\n'],
		['a list', '- a\n- b\n'],
		['several documents', 'a: 1\n---\nb: 2\n'],
		['braces', '{a: 1, b: 2}\n'],
	])('refuses a file with %s', (_, text) => {
		expect(editYaml(text, { set: { a: '2' } })).toMatchObject({ ok: false })
	})

	it('refuses keys that are none, and control characters in values', () => {
		for (const key of ['a b', '../x', 'a\nb', '$(id)', '', '- a'])
			expect(editYaml('', { set: { [key]: 'x' } }).ok, key).toBe(false)
		for (const value of ['a\nb: c', 'a\u0000', '\u001b[2J'])
			expect(editYaml('', { set: { a: value } }).ok, value).toBe(false)
		expect(editYaml('a: 1\n', { set: { __proto__: 'x' } }).ok).toBe(true)
	})

	it('refuses to remove what another key refers to', () => {
		expect(editYaml('a: &x\n  - 1\nb: *x\n', { remove: ['a'] }).ok).toBe(false)
	})
})

/** A small seeded generator of numbers in [0, 1). */
function mulberry(seed: number): () => number {
	let state = seed
	return () => {
		state = (state + 0x6d2b79f5) | 0
		let t = Math.imul(state ^ (state >>> 15), 1 | state)
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296
	}
}

describe('editYaml on 2000 random files', () => {
	const words = ['alpha', 'b=c', '10.0.0.1', 'x:y', 'z z', '0644', 'true', '7', 'v<1', "it's", 'say "hi"']

	it('says what was wanted, and leaves every line of other keys alone', () => {
		for (let seed = 1; seed <= 2000; seed += 1) {
			const random = mulberry(seed)
			const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
			const comment = () => (random() < 0.3 ? `${pick([' ', '   '])}# c${Math.floor(random() * 1e6)}` : '')
			const scalar = () =>
				pick([
					JSON.stringify(pick(words)),
					`'${pick(words).replaceAll("'", "''")}'`,
					pick(['a1', '10.1.1.1', 'b-c', '12', 'true']),
				])
			const blocks = new Map<string, string>()
			const keys = ['one', 'two-x', 'three', 'four+', 'five'].slice(0, 1 + Math.floor(random() * 5))
			for (const key of keys) {
				const above = random() < 0.3 ? `\n# above ${key}\n` : ''
				const indent = pick(['', '  ', '    '])
				const items = Array.from(
					{ length: 1 + Math.floor(random() * 3) },
					() => `${indent}- ${scalar()}${comment()}\n`,
				)
				blocks.set(
					key,
					above +
						pick([
							`${key}: ${scalar()}${comment()}\n`,
							`${key}:${comment()}\n${items.join(random() < 0.2 ? `${indent}# inside\n` : '')}`,
							`${key}: [${scalar()}, ${scalar()}]${comment()}\n`,
							`${key}:${comment()}\n`,
							`${key}: |\n  some\n  text\n`,
						]),
				)
			}
			const text = [...blocks.values()].join('')
			const before: Record<string, unknown> = parse(text) ?? {}
			const key = pick(keys)
			const value = pick(words)
			const [changes, expected] = pick([
				[{ set: { [key]: value } }, { ...before, [key]: value }],
				[{ set: { [key]: [value, 'w'] } }, { ...before, [key]: [value, 'w'] }],
				[{ remove: [key] }, Object.fromEntries(Object.entries(before).filter(([name]) => name !== key))],
				[{ set: { fresh: value } }, { ...before, fresh: value }],
			] as const)
			const result = editYaml(text, changes)
			expect(result, `${seed}\n${text}\n${JSON.stringify(changes)}`).toMatchObject({ ok: true })
			if (!result.ok) continue
			expect(parse(result.text) ?? {}, text).toEqual(expected)
			for (const [other, block] of blocks)
				if (other !== key)
					expect(result.text, `${seed}\n${text}\n---\n${result.text}`).toContain(block.trimEnd())
			// Comments of their own line above the key stay as well.
			if (blocks.get(key)?.startsWith('\n# above')) expect(result.text).toContain(`# above ${key}\n`)
		}
	})
})
