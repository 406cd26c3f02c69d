/** The JSON report is what the published schema says; formats.test.ts holds every recorded node against it. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { jsonReport } from '../../src/report/json.js'
import { judgeFiles } from '../judge.js'

const schema: object = JSON.parse(
	readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
)
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

describe('the JSON report', () => {
	it('fits it for a bundle with nothing in it', () => {
		expect(validate(JSON.parse(jsonReport(judgeFiles({}).report)))).toBe(true)
	})

	it('is refused by the schema when a part is missing', () => {
		const report = JSON.parse(jsonReport(judgeFiles({}).report)) as Record<string, unknown>
		const { verdict: _verdict, ...rest } = report
		expect(validate(rest)).toBe(false)
	})
})
