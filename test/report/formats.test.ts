/** Every format of every recorded node: valid by its own schema, and complete. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { memoryPages, validateXML } from 'xmllint-wasm'
import { maskedFor } from '../../src/bundle/redact/maker.js'
import type { Report } from '../../src/model/report.js'
import { htmlReport } from '../../src/report/html/index.js'
import { jsonReport } from '../../src/report/json.js'
import { junitReport } from '../../src/report/junit.js'
import { issueLimit, markdownReport } from '../../src/report/markdown/index.js'
import { formats, renderReport } from '../../src/report/render.js'
import { sarifReport } from '../../src/report/sarif.js'
import { stepTexts } from '../../src/report/steps.js'
import { judge, judgeFiles } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'
import { hostileReport, hostileWords } from './hostile.js'

const schemaText = (name: string) => readFileSync(new URL(`./schemas/${name}`, import.meta.url), 'utf8')
const isDate = (text: string) => !Number.isNaN(Date.parse(text))
const isUri = (text: string) => URL.canParse(text, 'file:///bundle/') && /^[!-~]*$/.test(text)
const isSarif = new Ajv2020({
	strict: false,
	formats: { 'date-time': isDate, uri: URL.canParse, 'uri-reference': isUri, uuid: true },
}).compile(JSON.parse(schemaText('sarif-2.1.0.json')))

/** What libxml says against the documents: well-formed, and by the schema where one is named. */
async function xmlErrors(documents: ReadonlyMap<string, string>, schema?: string): Promise<string[]> {
	const result = await validateXML({
		xml: [...documents].map(([name, contents]) => ({ fileName: `${name}.xml`, contents })),
		...(schema ? { schema: schemaText(schema) } : { normalization: 'c14n' as const }),
		maxMemoryPages: memoryPages.GiB,
	})
	return result.errors.map(({ rawMessage }) => rawMessage)
}

let judged: Promise<ReadonlyMap<string, Report>> | undefined

/** Reports of all recorded nodes, and of a bundle with nothing in it. */
function reports(): Promise<ReadonlyMap<string, Report>> {
	judged ??= (async () => {
		const all = new Map([['nothing', judgeFiles({}).report]])
		for (const name of recordingNames()) all.set(name, judge(await openRecording(name)).report)
		return all
	})()
	return judged
}

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 })
// All of them are judged once, before the first test.
beforeAll(async () => void (await reports()))

const rendered = async (how: (report: Report) => string) =>
	new Map([...(await reports())].map(([name, report]) => [name, how(report)]))

const rootsIn = ({ diagnoses }: Report) =>
	diagnoses.filter(({ explainedBy, confidence }) => !explainedBy && confidence !== 'possible')

describe('JSON', () => {
	it('is valid by the published schema for every recorded node', async () => {
		const schema = readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8')
		const isReport = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(schema))
		for (const [name, text] of await rendered(jsonReport))
			expect(isReport(JSON.parse(text)), `${name}: ${JSON.stringify(isReport.errors)}`).toBe(true)
	})
})

describe('SARIF', () => {
	it('is valid by the official schema for every recorded node, and indexes its rules', async () => {
		for (const [name, text] of await rendered(sarifReport)) {
			const log = JSON.parse(text)
			expect(isSarif(log), `${name}: ${JSON.stringify(isSarif.errors?.slice(0, 3))}`).toBe(true)
			const [{ tool, results }] = log.runs
			for (const { ruleId, ruleIndex, kind, level } of results) {
				expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
				if (kind !== 'fail') expect(level).toBe('none')
			}
		}
	})

	it('names the line of the bundle that shows the cause', async () => {
		const report = (await reports()).get('config-tab')
		const log = JSON.parse(sarifReport(report as Report))
		const [first] = log.runs[0].results
		expect(first).toMatchObject({ ruleId: 'config-invalid-yaml', level: 'error', kind: 'fail' })
		const { physicalLocation } = first.locations[0]
		const bundle = await openRecording('config-tab')
		const { artifactLocation, region } = physicalLocation
		const line = bundle.files.get(decodeURIComponent(artifactLocation.uri))?.split('\n')[region.startLine - 1]
		expect(line?.replaceAll('\t', '    ')).toBe(region.snippet.text)
	})

	it('is refused by the schema when something is wrong', () => {
		expect(isSarif({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false)
		expect(
			isSarif({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x', informationUri: 'no uri' } } }] }),
		).toBe(false)
	})
})

describe('JUnit', () => {
	it("is valid by Jenkins' schema for every recorded node", async () => {
		expect(await xmlErrors(await rendered(report => junitReport(report)), 'jenkins-junit.xsd')).toEqual([])
	})

	it('has one case for each cause, fails where the exit status does, and says why one is skipped', async () => {
		const report = (await reports()).get('config-tab') as Report
		const text = junitReport(report)
		const cases = [...text.matchAll(/<testcase [^>]*name="([^"]+)"/g)].map(([, name]) => name)
		expect(new Set(cases).size).toBe(cases.length)
		expect(cases.length).toBeGreaterThanOrEqual(report.rules?.length ?? 1)
		expect(text).toMatch(/name="config-invalid-yaml"[^>]*><failure /)
		const nothing = junitReport((await reports()).get('nothing') as Report)
		expect(nothing).toMatch(/<skipped message="Not examined: [^"]+"/)
		expect(nothing).not.toContain('<failure')
		const warned = (await reports()).get('agent-version-newer') as Report
		expect(junitReport(warned)).not.toContain('<failure')
		expect(junitReport(warned, 'warning')).toContain('<failure')
		expect(junitReport(report, 'never')).not.toContain('<failure')
	})

	it('is refused by the schema when something is wrong', async () => {
		const wrong = new Map([['x', '<testsuites><testsuite tests="1"/></testsuites>']])
		expect(await xmlErrors(wrong, 'jenkins-junit.xsd')).not.toEqual([])
	})
})

describe('HTML', () => {
	it('is well-formed for every recorded node, has its causes, and loads and runs nothing', async () => {
		const pages = await rendered(htmlReport)
		expect(await xmlErrors(pages)).toEqual([])
		for (const [name, page] of pages) {
			expect(page, name).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|url\(|@import/i)
			const report = (await reports()).get(name) as Report
			for (const { cause } of rootsIn(report)) expect(page, name).toContain(`id="cause-${cause}"`)
		}
	})

	it('draws starts and certificates', async () => {
		const page = htmlReport((await reports()).get('ca-expired') as Report)
		expect(page.includes('aria-label="Lives of the certificates"')).toBe(true)
		expect(page.includes('aria-label="Starts of k3s"')).toBe(true)
		expect(/expired \d+ (?:s|min|h|d) ago/.test(page)).toBe(true)
	})

	it('is told from what is not well-formed', async () => {
		expect(await xmlErrors(new Map([['x', '<p>a<br></p>']]))).not.toEqual([])
	})
})

describe('Markdown', () => {
	it("has the headings of k3s's template, the causes, and fits into an issue", async () => {
		for (const [name, text] of await rendered(report => markdownReport(report))) {
			expect(text.length, name).toBeLessThanOrEqual(issueLimit)
			for (const heading of [
				'Environmental Info',
				'Describe the bug',
				'Steps To Reproduce',
				'Expected behavior',
				'Actual behavior',
				'Additional context / logs',
			])
				expect(text, name).toContain(`**${heading}:**`)
			const report = (await reports()).get(name) as Report
			for (const { cause } of rootsIn(report)) expect(text, name).toContain(`\`${cause}\``)
			expect(text).not.toContain('Left out:')
		}
	})

	it('is cut to the limit of an issue, the least important first, and says so', async () => {
		const report = (await reports()).get('sqlite-garbage') as Report
		const [root] = rootsIn(report)
		if (!root) throw new Error('no root')
		const [finding] = root.findings
		if (!finding) throw new Error('no finding')
		const long = (size: number, count: number): Report => ({
			...report,
			diagnoses: report.diagnoses.map(diagnosis => ({
				...diagnosis,
				findings: Array.from({ length: count }, (_, index) => ({
					...finding,
					says: `${index} ${'x'.repeat(60)}`,
					quote: { file: 'journal/k3s.log', line: 1, text: 'long line '.repeat(size / 10) },
				})),
			})),
			gaps: Array.from({ length: count }, (_, index) => ({
				source: 'disks',
				file: 'f',
				why: 'failed',
				detail: `Gap ${index}`,
				askFor: 'df',
				matters: false,
			})),
		})
		let previous = 0
		for (const [size, count] of [
			[2000, 30],
			[4000, 40],
			[60_000, 400],
		] as const) {
			const text = markdownReport(long(size, count), 20_000)
			expect(text.length).toBeLessThanOrEqual(20_000)
			expect(text).toContain('`sqlite-corrupt`')
			expect(text).toContain('Left out:')
			const cuts = text.split('Left out:')[1]?.split(';').length ?? 0
			expect(cuts).toBeGreaterThanOrEqual(previous)
			previous = cuts
		}
	})

	it('fits even when nothing in it is short', () => {
		const report = hostileReport(judgeFiles({}).report, '`'.repeat(30_000))
		const text = markdownReport(report)
		expect(text.length).toBeLessThanOrEqual(issueLimit)
		expect(text).toContain('Cut off here')
	})
})

describe('whatever stands in the evidence', () => {
	it('stays text in every format', async () => {
		const base = judgeFiles({}).report
		const junit = new Map<string, string>()
		const html = new Map<string, string>()
		for (const [index, words] of hostileWords.entries()) {
			const report = hostileReport(base, words)
			junit.set(`j${index}`, junitReport(report))
			html.set(`h${index}`, htmlReport(report))
			expect(isSarif(JSON.parse(sarifReport(report))), words).toBe(true)
			JSON.parse(jsonReport(report))
			expect(html.get(`h${index}`)).not.toMatch(/<script|<img|<a href="(?!https:)|\son\w+=['"]/)
			for (const format of ['text', 'markdown'] as const)
				expect(await renderReport(report, format)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
		}
		expect(await xmlErrors(junit, 'jenkins-junit.xsd')).toEqual([])
		expect(await xmlErrors(html)).toEqual([])
	})

	it('stays text in Markdown: outside of code nothing of it is markup', () => {
		const base = judgeFiles({}).report
		for (const words of hostileWords) {
			const text = markdownReport(hostileReport(base, words))
			const plain = withoutCode(text).replace(
				/<!-- (?:How|please)[^>]*-->|@<!-- -->|#<!-- -->|GH<!-- -->/g,
				'',
			)
			// Only our own tags are left.
			expect(plain.match(/<[^>]*>/g)?.filter(tag => !/^<\/?(?:details|summary)>$/.test(tag)) ?? []).toEqual(
				[],
			)
			expect(plain, words).not.toMatch(/(?<!\\)\]\(|(?<![\\A-Za-z0-9])@\w|(?<!\\)\*\*?bold/)
			expect((plain.match(/<details>/g) ?? []).length).toBe((plain.match(/<\/details>/g) ?? []).length)
		}
	})
})

/** Markdown without fenced blocks and code spans, as CommonMark finds them. */
function withoutCode(markdown: string): string {
	const kept: string[] = []
	let open: string | undefined
	for (const line of markdown.split('\n')) {
		const ticks = /^ *(`{3,})[^`]*$/.exec(line)?.[1]
		if (open === undefined && ticks) open = ticks
		else if (open !== undefined && line.trim().startsWith(open) && /^ *`+$/.test(line)) open = undefined
		else if (open === undefined) kept.push(line)
	}
	expect(open).toBeUndefined()
	return kept.join('\n').replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '')
}

describe('commands of remedies', () => {
	it('are copied as they stand: nothing in them is taken for a secret', async () => {
		for (const [name, { diagnoses }] of await reports())
			for (const { text } of diagnoses.flatMap(({ remedies }) =>
				remedies.flatMap(({ steps }) => steps.flatMap(stepTexts)),
			))
				expect(maskedFor(undefined, text), name).toBe(text)
	})
})

describe('parts of a report', () => {
	it('may be left out, whatever the format', async () => {
		const report = (await reports()).get('sqlite-garbage') as Report
		for (const format of ['text', 'markdown', 'html', 'json', 'sarif', 'junit'] as const) {
			const whole = await renderReport(report, format)
			const less = await renderReport(report, format, { contents: new Set() })
			expect(Object.keys(formats)).toContain(format)
			expect(less.length, format).toBeLessThan(whole.length)
			expect(less, format).toContain('sqlite-corrupt')
			expect(less, format).not.toContain('state.db.bak')
			expect(less, format).not.toContain('database disk image is')
		}
	})
})
