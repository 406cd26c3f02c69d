/** Every recorded node's JSON report is what the published schema says. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { jsonReport } from '../../src/report/json.js'
import { judge, judgeFiles } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'

const schema: object = JSON.parse(
	readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
)
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

describe('the JSON report', () => {
	it('fits its schema for every recorded node', async () => {
		for (const name of recordingNames()) {
			const report: unknown = JSON.parse(jsonReport(judge(await openRecording(name)).report))
			expect(validate(report), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true)
		}
	})

	it('fits it for a bundle with nothing in it', () => {
		expect(validate(JSON.parse(jsonReport(judgeFiles({}).report)))).toBe(true)
	})

	it('is refused by the schema when a part is missing', () => {
		const report = JSON.parse(jsonReport(judgeFiles({}).report)) as Record<string, unknown>
		const { verdict: _verdict, ...rest } = report
		expect(validate(rest)).toBe(false)
	})
})
