/** The table of causes in rules/README.md. To write it anew: K3S_DOCTOR_WRITE_README=1 npx vitest run … */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rules } from '../../rules/index.js'
import { causes } from '../../src/model/causes.js'

const path = new URL('../../rules/README.md', import.meta.url)
const begin = '<!-- table: kept fresh by test/rules/readme.test.ts -->\n'
const end = '<!-- /table -->'

function table(): string {
	const rows = Object.entries(causes).map(([cause, { area, means }]) => {
		const rule = rules.find(candidate => candidate.cause === cause)
		const name = rule ? `[${cause}](${area}/${cause}.ts)` : cause
		return `| ${name} | ${area} | ${rule?.severity ?? 'no rule yet'} | ${means.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*')} |`
	})
	return ['| cause | area | severity | what it means |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

it('rules/README.md lists every cause as it is', () => {
	const text = readFileSync(path, 'utf8')
	const [head = '', rest = ''] = text.split(begin)
	const fresh = `${head}${begin}\n${table()}\n${end}${rest.split(end)[1] ?? ''}`
	if (process.env.K3S_DOCTOR_WRITE_README) writeFileSync(path, fresh)
	expect(readFileSync(path, 'utf8')).toBe(fresh)
})
