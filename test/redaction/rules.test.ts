import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BundleError } from '../../src/bundle/error.js'
import { redactBundle } from '../../src/bundle/redact/bundle.js'
import { redactor } from '../../src/bundle/redact/redactor.js'
import { parseRules } from '../../src/bundle/redact/rules.js'
import { bundleOf } from '../bundle-of.js'

const own = `
mask:
  - name: projects
    files: ["journal/*", "files/etc/**"]
    values: [apollo, "a.b"]
  - name: tickets
    patterns: ['PRJ-\\d+', 'customer=(?<mask>\\w+)']
omit: ["files/etc/wireguard/**", "commands/ps.txt"]
`

function masked(files: Record<string, string>, rules: string) {
	return redactBundle(bundleOf(files), redactor(parseRules(rules, 'rules.yaml')))
}

describe('rules of the operator', () => {
	it('mask values and patterns in the files that they name', () => {
		const { files } = masked(
			{
				'journal/k3s.log': 'apollo PRJ-12 customer=acme axb a.b\n',
				'files/etc/x/y.conf': 'apollo\n',
				'commands/df.txt': 'apollo PRJ-7\n',
			},
			own,
		)
		expect(files.get('journal/k3s.log')).toMatch(
			/^<redacted-\w+> <redacted-\w+> customer=<redacted-\w+> axb <redacted-\w+>\n$/,
		)
		expect(files.get('files/etc/x/y.conf')).toMatch(/^<redacted-\w+>\n$/)
		expect(files.get('commands/df.txt')).toMatch(/^apollo <redacted-\w+>\n$/)
	})

	it('are those of README.md', () => {
		const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
		const [, rules = ''] = /```yaml\n(mask:[\s\S]*?)```/.exec(readme) ?? []
		const { files } = masked(
			{ 'journal/k3s.log': 'apollo PRJ-12 id=me stays', 'files/etc/wireguard/wg0.conf': 'x' },
			rules,
		)
		expect(files.get('journal/k3s.log')).toMatch(/^<redacted-\w+> <redacted-\w+> id=<redacted-\w+> stays$/)
		expect(files.size).toBe(1)
	})

	it('leave files out, and the bundle says so', () => {
		const { files, entries } = masked({ 'files/etc/wireguard/a/wg0.conf': 'x', 'commands/ps.txt': 'y' }, own)
		expect(files.size).toBe(0)
		expect(entries.map(({ why, stderr }) => `${why} ${stderr}`)).toEqual([
			'denied Left out by a rule.',
			'denied Left out by a rule.',
		])
	})

	it('of Troubleshoot are understood', () => {
		const { files } = masked(
			{ 'a.txt': 'id-77 KEEP Secret=blue', 'b.txt': 'id-77' },
			`
apiVersion: troubleshoot.sh/v1beta2
kind: Redactor
spec:
  redactors:
    - name: ids
      fileSelector: {file: a.txt}
      removals:
        regex: [{redactor: '(?i)ID-\\d+'}, {redactor: 'Secret=(?P<mask>\\w+)'}]
`,
		)
		expect(files.get('a.txt')).toMatch(/^<redacted-\w+> KEEP Secret=<redacted-\w+>$/)
		expect(files.get('b.txt')).toBe('id-77')
	})

	it.each([
		['[', 'no YAML'],
		['- a', 'no mapping'],
		['masks: []', 'not "masks"'],
		['mask: [{name: x}]', 'neither values nor patterns'],
		["mask: [{name: x, patterns: ['(']}]", 'no regular expression'],
		['mask: [{name: x, patterns: [[1]]}]', 'no text'],
	])('that make no sense are refused with words: %s', (rules, words) => {
		expect(() => parseRules(rules, 'rules.yaml')).toThrow(BundleError)
		expect(() => parseRules(rules, 'rules.yaml')).toThrow(words)
	})
})
