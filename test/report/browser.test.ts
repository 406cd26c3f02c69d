/** The HTML report in a real browser, where there is one; formats.test.ts holds it against XML's rules in any case. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlReport } from '../../src/report/html/index.js'
import { escaped } from '../../src/report/html/markup.js'
import { judgeFiles, judgeRecording } from '../judge.js'
import { hostileReport, hostileWords } from './hostile.js'

const browser = ['chromium', 'chromium-browser', 'google-chrome']
	.flatMap(name => (process.env.PATH ?? '').split(':').map(folder => join(folder, name)))
	.find(path => existsSync(path))

let folder = ''
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-html-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

interface Seen {
	/** By how many columns of pixels the content is wider than its window. */
	over: number
	bars: number
	elements: string[]
	attributes: string[]
	text: string
}

/** What a browser makes of the page in windows of some widths. The page's own policy lets no script run in it. */
function seen(name: string, page: string, widths: readonly number[]): Seen[] {
	const frames = widths.map(
		width => `<iframe width="${width}" height="800" style="border:0" srcdoc="${escaped(page)}"></iframe>`,
	)
	const path = join(folder, `${name}.html`)
	writeFileSync(
		path,
		`<!DOCTYPE html><body>${frames.join('')}<script>
onload = () => { document.body.dataset.seen = JSON.stringify([...document.querySelectorAll('iframe')].map(frame => {
	const { documentElement: root } = frame.contentDocument
	const all = [...root.querySelectorAll('*')]
	return {
		over: root.scrollWidth - root.clientWidth,
		bars: root.querySelectorAll('svg rect').length,
		elements: [...new Set(all.map(each => each.localName))],
		attributes: [...new Set(all.flatMap(each => each.getAttributeNames()))],
		text: root.textContent,
	}
})) }
</script></body>`,
	)
	const options = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
	const { stdout } = spawnSync(
		browser ?? '',
		[...options, `--user-data-dir=${folder}/profile`, '--dump-dom', `file://${path}`],
		{ encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
	)
	const told = /data-seen="([^"]*)"/.exec(stdout)?.[1] ?? '[]'
	const entities: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', nbsp: '\u00a0' }
	return JSON.parse(told.replace(/&(\w+);/g, (whole, entity: string) => entities[entity] ?? whole))
}

describe.skipIf(!browser)('a browser', { timeout: 150_000 }, () => {
	it('shows a page of hostile evidence as nothing but text', () => {
		const words = hostileWords.filter(each => !/[\u0000-\u001f]/.test(each))
		const [page] = seen('hostile', htmlReport(hostileReport(judgeFiles({}).report, words.join(' '))), [800])
		if (!page) throw new Error('the browser showed nothing')
		for (const word of words) expect(page.text).toContain(word)
		const ours = htmlReport(judgeFiles({}).report)
		const known = new Set([...ours.matchAll(/<([a-z0-9]+)/g)].map(([, name]) => name))
		for (const name of page.elements)
			expect(
				known.has(name) ||
					/^(?:section|h[34]|ul|li|pre|a|svg|rect|line|text|title|strong|details|summary|span|div)$/.test(
						name,
					),
				name,
			).toBe(true)
		for (const name of page.attributes) expect(name).not.toMatch(/^on|^src|^style$|^action$/)
	})

	it('fits a phone and a screen: nothing sticks out, also no long word of a log', async () => {
		const { report } = await judgeRecording('ca-expired')
		const long = `${'x'.repeat(400)} ${'/a/long/path'.repeat(40)}`
		const pages = { real: htmlReport(report), long: htmlReport(hostileReport(report, long)) }
		for (const [name, page] of Object.entries(pages)) {
			const [phone, screen] = seen(name, page, [360, 1280])
			expect([phone?.over, screen?.over], name).toEqual([0, 0])
			expect(phone?.bars, name).toBeGreaterThan(1)
		}
	})
})
