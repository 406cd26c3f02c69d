/**
 * Planted secrets in every kind of place, and what only looks like one. The secrets are of nobody; the lists are
 * `planted.jsonl` and `innocent.jsonl`: `{kind, file, text, secrets}` and `{kind, file, text}`.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { collect } from '../../src/bundle/collect.js'
import { openBundle } from '../../src/bundle/open.js'
import { redactBundle } from '../../src/bundle/redact/bundle.js'
import { maskedFor, redactorFor } from '../../src/bundle/redact/maker.js'
import { openRedacted } from '../../src/bundle/redact/open.js'
import { redactor } from '../../src/bundle/redact/redactor.js'
import { writeBundle } from '../../src/bundle/write.js'
import type { Host } from '../../src/host/host.js'
import { type Bundle, fileOf } from '../../src/model/bundle.js'
import type { Report } from '../../src/model/report.js'
import { clipboardSequence } from '../../src/program/clipboard.js'
import { type Format, formats, renderReport } from '../../src/report/render.js'
import type { Source } from '../../src/sources/source.js'
import { fileWith, membersOf, scratchFolder, tarOf } from '../bundle/archive-of.js'
import { bundleOf } from '../bundle-of.js'
import { judge } from '../judge.js'

interface Planted {
	kind: string
	file: string
	text: string
	secrets: string[]
}

function lines<T>(name: string): T[] {
	const text = readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
	return text
		.split('\n')
		.filter(line => line !== '')
		.map(line => JSON.parse(line) as T)
}

const planted = lines<Planted>('planted.jsonl')
const innocent = lines<Omit<Planted, 'secrets'>>('innocent.jsonl')
const secrets = [...new Set(planted.flatMap(each => each.secrets))]

/** Files of a bundle with all that is planted; JSON documents each in a file of its own. */
function plantedFiles(): Record<string, string> {
	const files: Record<string, string> = {}
	for (const [index, { file, text }] of planted.entries()) {
		if (file === 'bundle.json') continue
		if (file.endsWith('.json')) files[file.replace(/^(.*)\/([^/]*)$/, `$1/${index}/$2`)] = text
		else files[file] = `${files[file] ?? ''}${text}\n`
	}
	return files
}

const stderrs = planted.filter(({ file }) => file === 'bundle.json').map(({ text }) => text)

function plantedBundle(): Bundle {
	return bundleOf(plantedFiles(), {}, [
		...stderrs.map(stderr => ({ file: 'commands/gone.txt', argv: ['k3s'], exit: 1, stderr })),
	])
}

/** Digits of a mark are by chance those of a short secret at times. */
const withoutMarks = (text: string) => text.replace(/redacted-[0-9a-f]{8}/g, 'redacted')

/** Which secrets stand in a text, also as JSON, XML and Markdown write them. */
function survivors(marked: string): string[] {
	const text = withoutMarks(marked)
	const plain = text
		.replace(/\\([\\`*{}[\]<>|~$#&_+=.-])/g, '$1')
		.replace(
			/&(amp|lt|gt|quot|#39);/g,
			(_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
		)
	return secrets.filter(secret => text.includes(secret) || plain.includes(secret))
}

const table = new Map<string, { planted: number; masked: number }>()
const looks = new Map<string, { shown: number; kept: number }>()

afterAll(() => {
	const rows = [...table]
		.sort()
		.map(([kind, { planted, masked }]) => `  ${kind.padEnd(26)} ${masked}/${planted}`)
	const kept = [...looks].sort().map(([kind, { shown, kept }]) => `  ${kind.padEnd(26)} ${kept}/${shown}`)
	process.stdout.write(
		`\nSecrets masked, by kind (${planted.length} places, ${secrets.length} secrets, ${table.size} kinds):\n${rows.join('\n')}\nLook-alikes left alone (${innocent.length}):\n${kept.join('\n')}\n`,
	)
})

describe('planted secrets', () => {
	it('are many, of many kinds', () => {
		expect(secrets.length).toBeGreaterThanOrEqual(120)
		expect(new Set(planted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(25)
		expect(innocent.length).toBeGreaterThanOrEqual(200)
		// Whoever looks must be able to find them.
		const raw = [...plantedBundle().files.values(), ...stderrs].join('\n')
		expect(
			secrets.filter(secret => !raw.includes(secret) && !raw.includes(JSON.stringify(secret).slice(1, -1))),
		).toEqual([])
	})

	it('are masked wherever they stand', () => {
		const { files, entries } = redactBundle(plantedBundle(), redactor())
		const text = withoutMarks([...files.values(), JSON.stringify(entries)].join('\n'))
		for (const { kind, secrets: own } of planted) {
			const row = table.get(kind) ?? { planted: 0, masked: 0 }
			row.planted += own.length
			row.masked += own.filter(secret => !text.includes(secret)).length
			table.set(kind, row)
		}
		expect(survivors(text)).toEqual([])
	})

	it('are masked before they are filed, when a node is asked', async () => {
		const files = plantedFiles()
		const unavailable = {
			ok: false as const,
			ms: 1,
			unavailable: { why: 'absent' as const, detail: '', command: '' },
		}
		const host = {
			read: async (path: string) => {
				const text = files[fileOf(path)]
				return text === undefined
					? unavailable
					: { ok: true as const, ms: 1, value: { text, truncated: false } }
			},
			run: async (argv: readonly string[]) => {
				const stdout = files[argv[1] ?? ''] ?? ''
				return { ok: true as const, ms: 1, value: { stdout, stderr: stderrs.join('\n'), exit: 0 } }
			},
			kube: async (path: string) => {
				const body = files[path.slice(1)]
				return body === undefined ? unavailable : { ok: true as const, ms: 1, value: { status: 200, body } }
			},
		} as unknown as Host
		const source = {
			name: 'files',
			title: 'all of it',
			wants: () => [],
			parse: () => undefined,
			collect: async ask => {
				for (const file of Object.keys(files)) {
					if (file.startsWith('files/')) await ask.file(file.slice('files'.length))
					else if (file.startsWith('api/')) await ask.kube(file, `/${file}`)
					else await ask.run(file, ['cat', file])
				}
			},
		} satisfies Source
		const { node } = plantedBundle()
		const bundle = await collect(host, node, [source])
		expect(bundle.files.size).toBeGreaterThanOrEqual(Object.keys(files).length - 1)
		expect(survivors([...bundle.files.values(), JSON.stringify(bundle.entries)].join('\n'))).toEqual([])
		const kinds = new Set(bundle.masked?.map(({ kind }) => kind))
		expect(kinds.size).toBeGreaterThan(10)
		expect(survivors(JSON.stringify(bundle.masked))).toEqual([])
	})

	it('are in no format of a report, and not in the clipboard', async () => {
		const path = fileWith(
			tarOf(membersOf({ ...plantedFiles(), 'bundle.json': JSON.stringify(plantedBundle()) })),
		)
		const bundle = await openRedacted(path)
		const report = quotingAll(judge(bundle).report, bundle)
		for (const format of Object.keys(formats) as Format[]) {
			const text = await renderReport(report, format)
			expect(text.length, format).toBeGreaterThan(2_000)
			expect(survivors(text), format).toEqual([])
		}
		for (const text of bundle.files.values()) {
			const coded = /52;c;([^\u0007]*)/.exec(clipboardSequence(text, {}) ?? '')?.[1] ?? ''
			expect(survivors(Buffer.from(coded, 'base64').toString('utf8'))).toEqual([])
		}
	})

	it('are in no text that is copied, though it was in no bundle: a live log, what a program printed', () => {
		const bundle = redactBundle(plantedBundle(), redactor())
		for (const { file, text } of planted)
			if (/^(?:journal|commands)\/|\/pods\//.test(file))
				expect(survivors(maskedFor(bundle, text))).toEqual([])
		// What was found in the configuration is no longer open anywhere.
		const [token] = planted.find(({ kind }) => kind === 'k3s short token')?.secrets ?? []
		const copied = maskedFor(bundle, `the cable says ${token} and nothing else`)
		expect(copied).toMatch(/^the cable says <redacted-\w{8}> and nothing else$/)
		expect([...bundle.files.values()].join('')).toContain(
			copied.slice('the cable says '.length, -' and nothing else'.length),
		)
	})

	it('are in no bundle that is written, and the bundle tells what was masked', async () => {
		const bundle = redactBundle(plantedBundle(), redactor())
		const path = `${scratchFolder()}/out.tar.gz`
		await writeBundle(bundle, path)
		expect(survivors(gunzipSync(readFileSync(path)).toString('utf8'))).toEqual([])
		const again = await openBundle(path)
		expect(again.masked).toEqual(bundle.masked)
		const count = (again.masked ?? []).reduce((sum, each) => sum + each.count, 0)
		expect(count).toBeGreaterThanOrEqual(secrets.length)
	})
})

/** A report that quotes every file whole, line by line. */
function quotingAll(report: Report, { files }: Bundle): Report {
	const findings = [...files].flatMap(([file, text]) =>
		text.split('\n').map((line, index) => ({
			says: line.slice(0, 300) || 'nothing',
			weight: 'proof' as const,
			source: 'journal' as const,
			quote: { file, line: index + 1, text: line },
		})),
	)
	return {
		...report,
		diagnoses: [
			{
				cause: 'unknown-fatal',
				title: 'Everything',
				severity: 'critical',
				confidence: 'certain',
				explain: 'x',
				docs: [],
				findings,
				explains: [],
				remedies: [],
			},
		],
	}
}

describe('what only looks like a secret', () => {
	it('is left alone', () => {
		const changed: string[] = []
		for (const { kind, file, text } of innocent) {
			const given = file.startsWith('api/') && file.endsWith('.json') ? 'api' : 'text'
			const redact = redactor()
			const masked = given === 'api' ? redact.kube(file, text) : redact.text(file, text)
			const row = looks.get(kind) ?? { shown: 0, kept: 0 }
			row.shown += 1
			row.kept += masked === text ? 1 : 0
			looks.set(kind, row)
			if (masked !== text) changed.push(`${kind}: ${text.slice(0, 160)} => ${masked.slice(0, 160)}`)
		}
		expect(changed).toEqual([])
	})

	it('is left alone beside real secrets too', () => {
		const files = plantedFiles()
		const kept = innocent.filter(({ file }) => file.startsWith('journal/') || file.startsWith('commands/'))
		const name = 'commands/innocent.txt'
		files[name] = kept.map(({ text }) => text).join('\n')
		const masked = redactBundle(bundleOf(files), redactor()).files.get(name) ?? ''
		expect(kept.filter(({ text }) => !masked.includes(text)).map(({ text }) => text)).toEqual([])
	})
})

describe('marks', () => {
	const config = 'files/etc/rancher/k3s/config.yaml'

	it('are the same for the same secret, in whatever form, and others for others', () => {
		const secret = 'Zx9-secret+word'
		const files = {
			[config]: `token: K10${'a'.repeat(64)}::server:${secret}\nagent-token: other-Secret9\n`,
			'files/etc/systemd/system/k3s.service.env': `K3S_TOKEN=${secret}\nK3S_AGENT_TOKEN='other-Secret9'\n`,
			'journal/k3s.log': `x ${secret} y ${Buffer.from(secret).toString('base64')} z ${encodeURIComponent(secret)}\n`,
		}
		const masked = redactBundle(bundleOf(files), redactor())
		const marks = [...masked.files.values()].join('').match(/<redacted-[0-9a-f]+>/g) ?? []
		expect(marks).toHaveLength(7)
		expect(new Set(marks).size).toBe(2)
		expect(masked.files.get(config)?.split('\n')[0]).toBe(`token: ${marks[0]}`)
	})

	it('stand for phrases and for keys that look like paths as well', () => {
		const phrase = 'correct-horse-battery'
		const key = '/Bx9+kQ/2mVn8LrTz0WcYpEaSdFgHjKlQwErTyU1'
		const files = {
			[config]: `token: ${phrase}\netcd-s3-secret-key: ${key}\n`,
			'journal/k3s.log': `it says ${phrase} and ${key} here\n`,
		}
		const log = redactBundle(bundleOf(files), redactor()).files.get('journal/k3s.log')
		expect(log).toMatch(/^it says <redacted-\w{8}> and <redacted-\w{8}> here\n$/)
	})

	it('are the same when the node is asked again, and counted anew', () => {
		const first = redactBundle(bundleOf({ [config]: 'token: some-Secret1\n' }), redactor())
		const again = redactBundle(bundleOf({ 'journal/k3s.log': 'it says some-Secret1\n' }), redactorFor(first))
		const [, mark = 'none'] = /token: (\S+)/.exec(first.files.get(config) ?? '') ?? []
		expect(again.files.get('journal/k3s.log')).toBe(`it says ${mark}\n`)
		expect(again.masked).toEqual([{ kind: 'token', file: 'journal/k3s.log', count: 1 }])
	})

	it('stand only where they plainly must for what may be a word of the trade', () => {
		const files = {
			'commands/x.txt': 'the password is master1 now\nCookie: role=scheduler; session=Ab3dEf6h\n',
			'journal/k3s.log': 'node master1 runs the scheduler; session Ab3dEf6h\n',
		}
		const masked = redactBundle(bundleOf(files), redactor())
		const mark = '<redacted-\\w{8}>'
		expect(masked.files.get('commands/x.txt')).toMatch(
			new RegExp(`^the password is ${mark} now\nCookie: role=${mark}; session=${mark}\n$`),
		)
		expect(masked.files.get('journal/k3s.log')).toMatch(
			new RegExp(`^node master1 runs the scheduler; session ${mark}\n$`),
		)
	})

	it('take the whole secret, also where a part of it was masked before', () => {
		const masked = redactor().text(
			config,
			'token: <redacted-aaaaaaaa>Rest0fIt\nagent-token: <redacted-bbbbbbbb>\n',
		)
		expect(masked).toMatch(/^token: <redacted-[0-9a-f]{8}>\nagent-token: <redacted-bbbbbbbb>\n$/)
	})

	it('differ between bundles: they cannot be tried out', () => {
		const one = redactor().text(config, 'token: some-Secret1\n')
		expect(one).not.toBe(redactor().text(config, 'token: some-Secret1\n'))
		expect(one).toMatch(/^token: <redacted-[0-9a-f]{8}>\n$/)
	})

	it('stay when a masked bundle is masked again', () => {
		const once = redactBundle(plantedBundle(), redactor())
		const twice = redactBundle(once, redactor())
		for (const [file, text] of once.files) expect(twice.files.get(file)).toBe(text)
	})
})
