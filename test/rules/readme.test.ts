/** The table of causes in rules/README.md. To write it anew: K3S_DOCTOR_WRITE_README=1 npx vitest run … */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { preflightChecks, verifyChecks } from '../../rules/checks.js'
import { rules } from '../../rules/index.js'
import type { Check } from '../../src/check.js'
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

const beginChecks = '<!-- checks: kept fresh by test/rules/readme.test.ts -->\n'
const endChecks = '<!-- /checks -->'

function checkTable(): string {
	const row = ({ id, list, title, matters }: Check) =>
		`| [${id}](${list}/${id}.ts) | ${list} | ${title} | ${matters ? 'yes' : ''} |`
	const rows = [...preflightChecks, ...verifyChecks].map(row)
	return ['| check | list | what is to be so | decides |', '| --- | --- | --- | --- |', ...rows, ''].join(
		'\n',
	)
}

it('rules/README.md lists every check as it is', () => {
	const text = readFileSync(path, 'utf8')
	const [head = '', rest = ''] = text.split(beginChecks)
	const fresh = `${head}${beginChecks}\n${checkTable()}\n${endChecks}${rest.split(endChecks)[1] ?? ''}`
	if (process.env.K3S_DOCTOR_WRITE_README) writeFileSync(path, fresh)
	expect(readFileSync(path, 'utf8')).toBe(fresh)
})
