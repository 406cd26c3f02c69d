import { describe, expect, it } from 'vitest'
import { hunksOf, unifiedDiff } from '../../src/remedies/diff.js'
import { editEnv } from '../../src/remedies/edit-env.js'
import { editLines } from '../../src/remedies/edit-lines.js'
import { hideInArgv, hideSecrets } from '../../src/remedies/secrets.js'

describe('editLines', () => {
	const text = '# a\none\ntwo\none\nlast'
	it('replaces, removes and appends lines, and leaves the rest alone', () => {
		expect(editLines(text, [{ line: 'two', becomes: ['2', 'II'] }])).toEqual({
			ok: true,
			text: '# a\none\n2\nII\none\nlast',
		})
		expect(editLines(text, [{ line: 'two', becomes: [] }])).toEqual({ ok: true, text: '# a\none\none\nlast' })
		expect(editLines(text, [{ becomes: ['new'] }])).toEqual({
			ok: true,
			text: '# a\none\ntwo\none\nlast\nnew\n',
		})
		expect(editLines('', [{ becomes: ['new'] }])).toEqual({ ok: true, text: 'new\n' })
		expect(editLines('a\r\nb\r\n', [{ line: 'b', becomes: ['c', 'd'] }])).toEqual({
			ok: true,
			text: 'a\r\nc\r\nd\r\n',
		})
		expect(editLines('\tx: 1\n', [{ line: '\tx: 1', becomes: ['x: 1'] }])).toEqual({
			ok: true,
			text: 'x: 1\n',
		})
	})

	it('takes the number where a line stands twice, and the text where lines have moved', () => {
		expect(editLines(text, [{ line: 'one', at: 4, becomes: ['4'] }])).toEqual({
			ok: true,
			text: '# a\none\ntwo\n4\nlast',
		})
		expect(editLines(text, [{ line: 'two', at: 9, becomes: ['2'] }])).toMatchObject({ ok: true })
		expect(editLines(text, [{ line: 'one', becomes: ['1'] }])).toMatchObject({ ok: false })
		expect(editLines(text, [{ line: 'one', at: 3, becomes: ['1'] }])).toMatchObject({ ok: false })
		expect(editLines(text, [{ line: 'three', becomes: ['1'] }])).toMatchObject({ ok: false })
	})

	it('refuses line breaks and control characters in a line, and the same line twice', () => {
		for (const line of ['a\nb', 'a\rb', 'a\0', '\u001b[2J'])
			expect(editLines('x\n', [{ line: 'x', becomes: [line] }]).ok, JSON.stringify(line)).toBe(false)
		expect(
			editLines('x\n', [
				{ line: 'x', becomes: ['1'] },
				{ line: 'x', becomes: ['2'] },
			]).ok,
		).toBe(false)
	})
})

describe('editEnv', () => {
	const text = `# K3S_URL=https://comment:1\n; also\nK3S_URL="https://a:443"\nX=1\n  LONG=a \\\n  b\nX=2\n`
	it('sets the last assignment, keeps quotes, removes all', () => {
		expect(editEnv(text, { set: { K3S_URL: 'https://b:6443', X: '3' } })).toEqual({
			ok: true,
			text: `# K3S_URL=https://comment:1\n; also\nK3S_URL="https://b:6443"\nX=1\n  LONG=a \\\n  b\nX=3\n`,
		})
		expect(editEnv(text, { remove: ['X', 'LONG'] })).toEqual({
			ok: true,
			text: `# K3S_URL=https://comment:1\n; also\nK3S_URL="https://a:443"\n`,
		})
		expect(editEnv('A=1', { set: { B: 'two words' } })).toEqual({ ok: true, text: 'A=1\nB="two words"\n' })
	})

	it('quotes a value so that systemd reads just that', () => {
		expect(editEnv('', { set: { A: `a"b\\c$d\`e` } })).toEqual({ ok: true, text: 'A="a\\"b\\\\c\\$d\\`e"\n' })
		expect(editEnv("A='old'\n", { set: { A: "it's" } })).toEqual({ ok: true, text: 'A="it\'s"\n' })
	})

	it('refuses names that are none and values with control characters', () => {
		for (const key of ['', 'A B', 'A=B', '1A', 'A\nB', '-A'])
			expect(editEnv('', { set: { [key]: 'x' } }).ok, key).toBe(false)
		for (const value of ['a\nB=c', '\0', '\u001b']) expect(editEnv('', { set: { A: value } }).ok).toBe(false)
	})
})

describe('unifiedDiff', () => {
	it('reads as diff -u prints it', () => {
		const before = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n')
		const after = `${before.replace('line 6', 'LINE 6')}\n`
		expect(unifiedDiff('/etc/x', before, after)).toBe(
			[
				'--- /etc/x',
				'+++ /etc/x',
				'@@ -3,10 +3,10 @@',
				' line 3',
				' line 4',
				' line 5',
				'-line 6',
				'+LINE 6',
				' line 7',
				' line 8',
				' line 9',
				' line 10',
				' line 11',
				'-line 12',
				'\\ No newline at end of file',
				'+line 12',
			].join('\n'),
		)
		expect(unifiedDiff('/x', undefined, 'a\n')).toBe('--- /dev/null\n+++ /x\n@@ -0,0 +1 @@\n+a')
		expect(unifiedDiff('/x', 'a\n', undefined)).toBe('--- /x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a')
		expect(unifiedDiff('/x', 'a\n', 'a\n')).toBe('')
	})

	it('replaces the whole where the two have nothing in common, in reasonable time', () => {
		const many = (word: string) =>
			`${Array.from({ length: 20_000 }, (_, index) => `${word}${index * 7}`).join('\n')}\n`
		const began = performance.now()
		const hunks = hunksOf(many('a'), many('b'))
		expect(performance.now() - began).toBeLessThan(5000)
		expect(hunks).toHaveLength(1)
		expect(hunks[0]).toMatchObject({ oldStart: 1, oldLines: 20_000, newLines: 20_000 })
	})
})

describe('secrets', () => {
	it('are hidden in lines and in argv, and differ when they differ', () => {
		for (const line of [
			'token: hush',
			'agent-token: "hush"',
			'K3S_TOKEN=hush',
			"K3S_TOKEN='hush'",
			'  - token=hush',
			'datastore-endpoint: postgres://u:hush@db:5432/k3s',
			'K10aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa::server:hush',
			'password: hush',
			'etcd-s3-secret-key: hush',
		])
			expect(hideSecrets(line), line).not.toContain('hush')
		expect(hideSecrets('token: a')).not.toBe(hideSecrets('token: b'))
		expect(hideSecrets('token: a')).toBe(hideSecrets('token: a'))
		expect(
			hideInArgv(['k3s', 'token', 'rotate', '--token', 'hush', '--new-token=hush']).join(' '),
		).not.toContain('hush')
		expect(hideSecrets('token-file: /etc/token')).toBe('token-file: /etc/token')
		expect(hideSecrets('server: https://a:6443')).toBe('server: https://a:6443')
	})

	it('are looked for in reasonable time', () => {
		const began = performance.now()
		for (const line of ['-'.repeat(1e6), 'a'.repeat(1e6), 'token'.repeat(2e5), `${'a-'.repeat(5e5)}:`])
			hideSecrets(line)
		expect(performance.now() - began).toBeLessThan(3000)
	})
})
