/** What becomes of k3s while its journal is followed: the log itself tells, not only the examination before it. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type LogNews, showAll } from '../../../src/app/log/wishes.js'
import { fileReader } from '../../../src/host/logs/file.js'
import type { Start } from '../../../src/model/evidence/index.js'
import { LogSession } from '../../../src/program/logs/session.js'

const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-later-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (second: number) => `2026-11-21T05:00:${String(second).padStart(2, '0')}.000000+0000 n1 `
const says = (second: number, words: string, level = 'info', pid = 7) =>
	`${at(second)}k3s[${pid}]: time="2026-11-21T05:00:00Z" level=${level} msg="${words}"\n`
const systemd = (second: number, words: string) => `${at(second)}systemd[1]: ${words}\n`
const timeOf = (second: number) => Date.UTC(2026, 10, 21, 5, 0, second)

async function watched(before: string, examinedAt: number | undefined) {
	const path = join(folder, `${Math.random()}.log`)
	writeFileSync(path, before)
	let told: readonly Start[] = []
	let news = 0
	let changed = () => {}
	const session = new LogSession(fileReader(path), { year: 2026, month: 10 }, showAll, (each: LogNews) => {
		if (each.is !== 'starts') return
		told = each.starts
		news += 1
		changed()
	})
	await session.open('k3s', true, {})
	session.do({ do: 'follow', on: true })
	session.watchStarts(examinedAt)
	return {
		close: () => session.close(),
		append: (lines: string) => appendFileSync(path, lines),
		news: () => news,
		/** The starts, once they are as wanted. */
		until: (wanted: (starts: readonly Start[]) => boolean) =>
			new Promise<readonly Start[]>(resolve => {
				changed = () => {
					if (wanted(told)) resolve(told)
				}
				changed()
			}),
	}
}

describe('a start of k3s after the examination', () => {
	it('that went on is told as what went on, and others after it as they are', async () => {
		const begun = systemd(1, 'Starting k3s.service...') + says(2, 'Starting k3s v1.33.1+k3s1 (abc)')
		const { append, until, close, news } = await watched(begun + says(3, 'Kine available at unix'), timeOf(2))
		const [first] = await until(starts => starts.length === 1)
		expect(first).toMatchObject({ truncated: true, beganAt: timeOf(2), furthest: 'datastore-configured' })

		append(says(10, 'k3s is up and running'))
		expect((await until(([start]) => start?.readyAt !== undefined))[0]).toMatchObject({ readyAt: timeOf(10) })
		const before = news()
		append(says(11, 'Handling something') + says(12, 'Handling something else'))

		append(systemd(20, 'Stopping k3s.service...') + systemd(21, 'Stopped k3s.service.'))
		append(
			systemd(22, 'Starting k3s.service...') +
				says(23, 'Starting k3s v1.33.1+k3s1 (abc)', 'info', 8) +
				says(24, 'kubelet exited: bad flag', 'fatal', 8) +
				systemd(25, "k3s.service: Failed with result 'exit-code'."),
		)
		const [gone, failed] = await until(starts => starts[1]?.end !== undefined)
		expect(gone?.end).toMatchObject({ how: 'stopped', at: timeOf(21) })
		expect(failed).toMatchObject({ truncated: false, beganAt: timeOf(22), end: { how: 'fatal' } })
		// Ordinary lines are no news.
		expect(news() - before).toBeLessThanOrEqual(2)
		close()
	})

	it('begins anew where k3s had been stopped before', async () => {
		const { append, until, close } = await watched(systemd(1, 'Stopped k3s.service.'), timeOf(1))
		append(systemd(5, 'Starting k3s.service...') + says(6, 'Starting k3s v1.33.1+k3s1 (abc)'))
		append(says(9, 'k3s is up and running'))
		const [start] = await until(([first]) => first?.readyAt !== undefined)
		expect(start).toMatchObject({ truncated: false, beganAt: timeOf(5), readyAt: timeOf(9) })
		close()
	})
})
