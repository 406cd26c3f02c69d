/** Logs in files: whatever is read backwards, in pieces and while it grows is what a plain reading gives. */
import { spawn } from 'node:child_process'
import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	renameSync,
	rmSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { start } from '../../../src/app/state.js'
import { bytesOf } from '../../../src/host/logs/bytes.js'
import { fileReader, readerOf } from '../../../src/host/logs/file.js'
import { type LogReader, longestLine } from '../../../src/host/logs/reader.js'
import { textReader } from '../../../src/host/logs/text.js'
import { chainedReader } from '../../../src/program/logs/chained.js'
import { mergedReader } from '../../../src/program/logs/merged.js'
import { openRef } from '../../../src/program/logs/open-ref.js'
import { withRotated } from '../../../src/program/logs/places.js'
import { numberAtTime } from '../../../src/program/logs/seek.js'
import { Sieve } from '../../../src/program/logs/sieve.js'
import { testOfQuery, testOfView } from '../../../src/program/logs/tests.js'
import { timeOfLine } from '../../../src/sources/log/entry.js'
import { randomOf, seedOfRun } from '../../app/random.js'

const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-logs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hint = { year: 2026, month: 10 }
const never = new AbortController().signal
const seed = seedOfRun()

/** Lines of every length: empty ones, of a few words, over several blocks, of a megabyte. */
function someLines(count: number): string[] {
	const random = randomOf(seed)
	const words = ['level=info', 'level=ERROR', 'flannel', 'etcd', 'Größe', '日本語', 'a\tb', 'x'.repeat(90)]
	return Array.from({ length: count }, (_, index) => {
		if (index === 7) return 'm'.repeat(1_000_000)
		if (index % 97 === 0) return ''
		const at = new Date(Date.UTC(2026, 10, 21) + index * 1_000).toISOString()
		const length = index % 211 === 0 ? 3_000 : 1 + Math.floor(random() * 8)
		return `${at} ${index} ${Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ')}`
	})
}

const texts = (reader: LogReader, from: number, to: number) => reader.read(from, to)?.map(({ text }) => text)
const all = async (reader: LogReader) => {
	await reader.reach(Number.NEGATIVE_INFINITY, never)
	return texts(reader, reader.begin ?? 0, reader.end)
}
const kept = async (reader: LogReader, sieve: Sieve) => {
	await sieve.run(never)
	return Array.from({ length: sieve.length }, (_, index) => {
		const number = sieve.number(sieve.first + index)
		return reader.read(number, number + 1)?.[0]?.text
	})
}

describe(`a file of ${4_000} lines (SEED=${seed})`, () => {
	const lines = someLines(4_000)
	const path = join(folder, 'big.log')
	writeFileSync(path, `${lines.join('\n')}\n`)
	const short = lines.map(line => line.slice(0, longestLine))

	it('is open at its end before its beginning was looked at', () => {
		const reader = fileReader(path)
		expect(reader.begin).toBeUndefined()
		expect(texts(reader, -3, 0)).toEqual(short.slice(-3))
		expect(reader.read(-4_000, -3_990)).toBeUndefined()
		reader.close()
	})

	it('reads the same in any order of pieces', async () => {
		const reader = fileReader(path)
		const random = randomOf(seed + 1)
		for (let round = 0; round < 200; round += 1) {
			const from = -1 - Math.floor(random() * 4_000)
			const to = Math.min(0, from + Math.floor(random() * 60))
			await reader.reach(from, never)
			expect(texts(reader, from, to)).toEqual(short.slice(4_000 + from, 4_000 + to))
		}
		expect(await all(reader)).toEqual(short)
		expect(reader.read(-4_000 + 7, -4_000 + 8)?.[0]?.bytes).toBe(1_000_000)
		reader.close()
	})

	const queries = [
		'flannel',
		'LEVEL=',
		'ERROR',
		'error',
		'größe',
		'日本',
		'!etcd',
		'lev.l=(info|ERROR) etcd',
		'1{2,}',
		'nowhere',
	]
	for (const query of queries) {
		it(`finds "${query}" where a search line by line finds it`, async () => {
			const reader = fileReader(path)
			const { test, matcher } = testOfQuery(query, short)
			expect(await kept(reader, new Sieve(reader, { test }))).toEqual(
				short.filter(line => matcher.test(line)),
			)
			reader.close()
		})
	}

	it('keeps the lines around what matches, each once', async () => {
		const reader = fileReader(path)
		const { test, matcher } = testOfQuery('日本語 etcd', short)
		const wanted = short.filter((_, index) =>
			[-2, -1, 0, 1, 2].some(by => matcher.test(short[index + by] ?? '')),
		)
		expect(await kept(reader, new Sieve(reader, { test, context: 2 }))).toEqual(wanted)
		reader.close()
	})

	it('finds the line at a time', async () => {
		const reader = fileReader(path)
		const number = await numberAtTime(reader, Date.UTC(2026, 10, 21, 0, 20, 0), hint, never)
		expect(texts(reader, number, number + 1)?.[0]).toMatch(/^2026-11-21T00:20:00/)
		reader.close()
	})
})

describe('odd files', () => {
	it.each([
		['empty', '', []],
		['only a line end', '\n', ['']],
		['without a line end at its end', 'a\nb', ['a', 'b']],
		['with line ends of Windows', 'a\r\nb\r\n', ['a', 'b']],
		['with NULs and broken UTF-8', 'a\u0000b\n\n', ['a\u0000b', '']],
	])('are read: %s', async (_what, text, lines) => {
		const path = join(folder, 'odd.log')
		writeFileSync(path, text)
		const reader = fileReader(path)
		expect(await all(reader)).toEqual(lines)
		expect(await all(textReader(text))).toEqual(lines)
		reader.close()
	})

	it('are read as text where they are none', async () => {
		const path = join(folder, 'bytes.log')
		writeFileSync(path, Buffer.from([0xff, 0xfe, 0x41, 0x0a, 0xe6, 0x97, 0x0a]))
		const reader = fileReader(path)
		expect(await all(reader)).toEqual(['��A', '�'])
		reader.close()
	})

	it('are refused where reading them would wait for ever', () => {
		expect(() => fileReader('/dev/tty')).toThrow()
		expect(() => fileReader(folder)).toThrow()
		expect(() => fileReader(join(folder, 'nowhere.log'))).toThrow(/ENOENT/)
	})
})

describe('a log that grows', () => {
	it('counts each line once, also when more is written while it is read', async () => {
		let written = 'line 0\n'
		let count = 1
		const write = () => {
			written += `line ${count}\n`
			count += 1
		}
		const now = () => bytesOf(Buffer.from(written))
		const reader = readerOf({
			size: () => now().size(),
			read: (into, at, length) => {
				if (count < 20_000) write()
				return now().read(into, at, length)
			},
			inode: 0,
			close: () => {},
		})
		for (let rounds = 0; rounds < 40; rounds += 1) {
			for (let more = 0; more < 200; more += 1) write()
			await reader.refresh?.()
		}
		const total = reader.end - (reader.begin ?? Number.NaN)
		expect(await all(reader)).toEqual(Array.from({ length: total }, (_, index) => `line ${index}`))
		expect(total).toBeGreaterThan(8_000)
	})

	it('hands out what was added, and what a line was completed with', async () => {
		const path = join(folder, 'growing.log')
		writeFileSync(path, 'one\ntw')
		const reader = fileReader(path)
		expect(texts(reader, -1, reader.end)).toEqual(['one', 'tw'])
		appendFileSync(path, `o\n${'three\n'.repeat(50_000)}`)
		await reader.refresh?.()
		expect(reader.end).toBe(50_001)
		expect(texts(reader, -1, 2)).toEqual(['one', 'two', 'three'])
		expect(texts(reader, 50_000, 50_002)).toEqual(['three'])
		reader.close()
	})

	it('goes on in the new file when it is rotated, and says when it was cut', async () => {
		const path = join(folder, 'turning.log')
		writeFileSync(path, 'old 1\nold 2\n')
		const reader = chainedReader(
			1,
			() => fileReader(path),
			() => [fileReader(path)],
		)
		const heard: string[] = []
		const end = reader.follow?.(news => heard.push(news))
		const until = async (wanted: () => boolean) => {
			for (let tries = 0; !wanted() && tries < 1_000; tries += 1)
				await new Promise(resolve => setTimeout(resolve, 10))
		}
		renameSync(path, `${path}.1`)
		writeFileSync(path, 'new 1\n')
		await until(() => reader.end === 1)
		appendFileSync(path, 'new 2\n')
		await until(() => reader.end === 2)
		expect(texts(reader, -2, 2)).toEqual(['old 1', 'old 2', 'new 1', 'new 2'])
		truncateSync(path, 0)
		await until(() => heard.includes('cut'))
		expect(heard).toContain('cut')
		end?.()
		reader.close()
	})

	it('lacks nothing of what was written while nobody followed: rotated twice, the new files long', async () => {
		const path = join(folder, 'twice.log')
		const many = (name: string, count: number) =>
			Array.from({ length: count }, (_, index) => `${name} ${index} ${'x'.repeat(90)}`)
		const put = (lines: readonly string[]) => writeFileSync(path, `${lines.join('\n')}\n`)
		put(many('first', 10))
		const { reader } = await openRef(
			{ kind: 'file', path },
			start({ mode: 'live', from: 'this host', size: { columns: 80, rows: 24 } }),
			hint,
		)
		const between = many('second', 3_000)
		const newest = many('third', 3_000)
		renameSync(path, `${path}.20261121-010000`)
		put(between)
		renameSync(path, `${path}.20261121-020000`)
		put(newest)
		const done = Promise.withResolvers<void>()
		const end = reader.follow?.(() => reader.end >= 6_000 && done.resolve())
		await done.promise
		expect(await all(reader)).toEqual([...many('first', 10), ...between, ...newest])
		end?.()
		reader.close()
	})

	it('lacks nothing, and doubles nothing, of what is rotated again and again while it is read', async () => {
		const path = join(folder, 'often.log')
		writeFileSync(path, '')
		const writer = `
			const fs = require('node:fs')
			const path = ${JSON.stringify(path)}
			let fd = fs.openSync(path, 'a')
			let number = 0
			const line = () => fs.writeSync(fd, 'line ' + number++ + ' ' + 'x'.repeat(number % 300) + '\\n')
			const work = setInterval(() => {
				for (let more = 0; more < 20; more += 1) line()
				if (number % 600 > 20) return
				fs.renameSync(path, path + '.' + String(number).padStart(6, '0'))
				line()
				fs.closeSync(fd)
				fd = fs.openSync(path, 'a')
				if (number < 9_000) return
				clearInterval(work)
				fs.writeSync(fd, 'the end\\n')
			}, 2)`
		const child = spawn(process.execPath, ['-e', writer], { stdio: 'inherit' })
		const state = start({ mode: 'live', from: 'this host', size: { columns: 80, rows: 24 } })
		const { reader } = await openRef({ kind: 'file', path }, state, hint)
		const done = Promise.withResolvers<void>()
		const isOver = () => texts(reader, reader.end - 1, reader.end)?.[0] === 'the end'
		const end = reader.follow?.(() => isOver() && done.resolve())
		await done.promise
		const seen = ((await all(reader)) ?? []).map(text => text.replace(/ x*$/, ''))
		expect(seen.slice(0, -1)).toEqual(Array.from({ length: seen.length - 1 }, (_, index) => `line ${index}`))
		expect(seen.length).toBeGreaterThan(9_000)
		end?.()
		reader.close()
		expect(child.exitCode ?? 0).toBe(0)
	})

	it('goes back into files that got other names, or were packed, since it was opened', async () => {
		const path = join(folder, 'later.log')
		for (const [name, words] of [
			[`${path}.3`, 'oldest'],
			[`${path}.2`, 'deleted'],
			[`${path}.1`, 'packed'],
			[path, 'newest'],
		] as const)
			writeFileSync(name, `${words}\n`)
		const order = [`${path}.3`, `${path}.2`, `${path}.1`]
		for (const [index, name] of order.entries()) utimesSync(name, 1_000 + index, 1_000 + index)
		const state = start({ mode: 'live', from: 'this host', size: { columns: 80, rows: 24 } })
		const { reader } = await openRef({ kind: 'file', path }, state, hint)
		renameSync(`${path}.3`, `${path}.4`)
		rmSync(`${path}.2`)
		// What stands under that name now is not what stood there.
		writeFileSync(`${path}.3`, 'another\n')
		writeFileSync(`${path}.1.gz`, gzipSync('packed\n'))
		rmSync(`${path}.1`)
		expect(await all(reader)).toEqual(['oldest', `(${path}.2 is no longer there)`, 'packed', 'newest'])
		reader.close()
	})

	it('of a container goes on in the instance that comes after it, also where the older log is deleted', async () => {
		const podLogs = join(folder, 'pods')
		const container = join(podLogs, 'shop_web-1_11111111-2222-3333-4444-555555555555', 'web')
		mkdirSync(container, { recursive: true })
		const log = (instance: number, ...words: string[]) =>
			appendFileSync(
				join(container, `${instance}.log`),
				words.map(word => `2026-11-21T04:00:00.0Z stdout F ${word}\n`).join(''),
			)
		log(0, 'first')
		const state = start({ mode: 'live', from: 'this host', size: { columns: 80, rows: 24 } })
		const ref = { kind: 'container', namespace: 'shop', pod: 'web-1', container: 'web' } as const
		const { reader } = await openRef(ref, state, hint, { podLogs })
		const fixed = await openRef({ ...ref, instance: 0 }, state, hint, { podLogs })
		let wake = () => {}
		const end = reader.follow?.(() => wake())
		const endFixed = fixed.reader.follow?.(() => {})
		const until = async (count: number) => {
			while (reader.end - (reader.begin ?? 0) < count) await new Promise<void>(resolve => (wake = resolve))
		}
		log(0, 'its last word')
		log(1, 'second')
		await until(3)
		rmSync(join(container, '0.log'))
		log(2, 'third')
		log(3, 'fourth')
		await until(5)
		log(3, 'and on')
		await until(6)
		const words = ['first', 'its last word', 'second', 'third', 'fourth', 'and on']
		expect((await all(reader))?.map(text => text.replace(/^.* F /, ''))).toEqual(words)
		expect(await all(fixed.reader)).toHaveLength(2)
		end?.()
		endFixed?.()
		reader.close()
		fixed.reader.close()
	})

	it('has its rotated files before it, packed ones too', async () => {
		const path = join(folder, '0.log')
		writeFileSync(`${path}.20261121-010000.gz`, gzipSync('first\n'))
		writeFileSync(`${path}.20261121-020000`, 'second\n')
		writeFileSync(path, 'third\n')
		const paths = withRotated(path)
		const reader = chainedReader(paths.length, index => fileReader(paths[index] ?? ''))
		expect(await all(reader)).toEqual(['first', 'second', 'third'])
		const { test } = testOfQuery('ir', [])
		expect(await kept(reader, new Sieve(reader, { test }))).toEqual(['first', 'third'])
		reader.close()
	})
})

describe('two logs in one', () => {
	it('are read by time, lines without one staying with theirs', async () => {
		const one = '2026-11-21T00:00:01Z a\n\tof a\n2026-11-21T00:00:04Z d\n'
		const two = '2026-11-21T00:00:02Z b\n2026-11-21T00:00:03Z c\n2026-11-21T00:00:05Z e\n'
		const reader = mergedReader([textReader(one), textReader(two)], line => timeOfLine(line, hint))
		const found = (await all(reader))?.map(text => text.replace(/^\S+Z /, ''))
		expect(found).toEqual(['a', '\tof a', 'b', 'c', 'd', 'e'])
	})
})

describe('repeats', () => {
	it('are counted where they stand, also when two alternate', async () => {
		const text = [
			'start',
			...Array.from({ length: 40 }, (_, n) => `dial tcp 10.0.0.${n}: refused\nretry ${n}`),
			'end',
		].join('\n')
		const reader = textReader(text)
		const test = testOfView({ only: '', quiet: false, fold: true }, [])
		if (!test) throw new Error('folding is a test')
		const sieve = new Sieve(reader, { test, fold: true })
		await sieve.run(never)
		const rows = Array.from({ length: sieve.length }, (_, index) => sieve.times(sieve.first + index))
		expect(rows).toEqual([1, 40, 40, 1])
	})
})
