import { utimesSync } from 'node:fs'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BundleError, openBundle } from '../../src/bundle/open.js'
import type { Bundle } from '../../src/model/bundle.js'
import { judge } from '../judge.js'
import { fileWith, membersOf, smallBundle, tarOf } from './archive-of.js'

const says = (text: string, seconds = '05') => `time="2026-03-04T05:06:${seconds}Z" level=info msg="${text}"`

/** What a server says while it starts, without any head. */
const server = [
	says('Acquiring lock file /srv/k3s/data/.lock'),
	says('Starting k3s v1.33.1+k3s1 (abc)', '07'),
	'I0304 05:06:08.000000    1234 server.go:100] "Version info" gitVersion="v1.33.1"',
]

const precise = (line: string, at = 0) => `2026-03-04T05:06:1${at}.000001+0000 node-9 k3s[77]: ${line}`
const short = (line: string, at = 0) => `2026-03-04T05:06:1${at}+00:00 node-9 k3s[77]: ${line}`
const syslog = (line: string, at = 0) => `Mar  4 05:06:1${at} node-9 k3s[77]: ${line}`
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`

async function open(bytes: string | Uint8Array, modified = '2026-05-01T00:00:00Z'): Promise<Bundle> {
	const path = fileWith(bytes)
	const at = new Date(modified)
	utimesSync(path, at, at)
	return openBundle(path)
}

async function refusal(bytes: string | Uint8Array): Promise<BundleError> {
	const error = await open(bytes).then(
		() => undefined,
		(reason: unknown) => reason,
	)
	if (!(error instanceof BundleError)) throw new Error(`Not refused, or not well: ${String(error)}`)
	return error
}

describe('a log', () => {
	for (const [form, head] of [
		['short-iso-precise', precise],
		['short-iso', short],
		['default', syslog],
	] as const) {
		it(`in journalctl's ${form} form is a bundle with a journal`, async () => {
			const log = text(server.map((line, at) => head(line, at)))
			const bundle = await open(log)
			expect([...bundle.files]).toEqual([['journal/k3s.log', log]])
			expect(bundle.node).toEqual({
				hostname: 'node-9',
				role: 'server',
				unit: 'k3s.service',
				init: 'systemd',
				dataDir: '/srv/k3s',
				root: true,
			})
			expect(bundle.takenAt).toBe(`2026-03-04T05:06:12.000Z`)
			expect(bundle.notes).toEqual(['Only a log was given: everything but what k3s logged is unknown.'])
		})
	}

	it('without heads is what OpenRC writes', async () => {
		const bundle = await open(text(server.slice(0, 2)))
		expect([...bundle.files.keys()]).toEqual(['journal/k3s.log'])
		expect(bundle.node).toMatchObject({ hostname: 'unknown', role: 'server', init: 'openrc' })
		expect(bundle.takenAt).toBe('2026-03-04T05:06:07.000Z')
	})

	it('of an agent is known by its first words', async () => {
		const bundle = await open(text([precise(says('Starting k3s agent v1.33.1+k3s1 (abc)'))]))
		expect([...bundle.files.keys()]).toEqual(['journal/k3s-agent.log'])
		expect(bundle.node).toMatchObject({ role: 'agent', unit: 'k3s-agent.service' })
	})

	it('of an agent that has waited for long is known by whom it asks', async () => {
		const waits = (port: number) =>
			text([
				precise(
					says(
						`Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:${port}/v1-k3s/config: 503 Service Unavailable`,
					),
				),
			])
		expect((await open(waits(6444))).node.role).toBe('agent')
		expect((await open(waits(41461))).node.role).toBe('agent')
		expect((await open(waits(6443))).node.role).toBe('unknown')
	})

	it('of a server that has run for long is known by what only servers say', async () => {
		const etcd =
			'{"level":"warn","ts":"2026-03-04T05:06:07.000Z","caller":"etcdserver/v3_server.go:1","msg":"x"}'
		expect((await open(text([precise(etcd)]))).node.role).toBe('server')
		expect((await open(text([precise(says('watch ended'))]))).node.role).toBe('unknown')
	})

	it('of a unit of another name is known by what systemd says', async () => {
		const head =
			'2026-03-04T05:06:07+0000 node-9 systemd[1]: Starting k3s-edge.service - Lightweight Kubernetes...'
		const bundle = await open(text([head, precise(says('Starting k3s v1.33.1+k3s1 (abc)'))]))
		expect([...bundle.files.keys()]).toEqual(['journal/k3s-edge.log'])
		expect(bundle.node).toMatchObject({ role: 'server', unit: 'k3s-edge.service' })
	})

	it('without a year is of the year before where its month is still to come', async () => {
		const klog =
			'I0304 05:06:10.959043      77 server.go:440] "Kubelet version" kubeletVersion="v1.33.1+k3s1"'
		const bundle = await open(text([syslog(klog)]), '2026-01-10T00:00:00Z')
		expect(bundle.takenAt).toBe('2025-03-04T05:06:10.000Z')
	})

	it('without a year before its lines is of the year that stands in them', async () => {
		const bundle = await open(text(server.map(line => syslog(line))), '2029-01-10T00:00:00Z')
		expect(bundle.takenAt).toBe('2026-03-04T05:06:10.000Z')
	})

	it.each(['3月', 'Mär', 'mars', 'мар', 'mrt', 'márc', 'mar.', 'Mar'])(
		'has its month in the language of the host: %s',
		async month => {
			const log = text(server.map((line, at) => syslog(line, at).replace('Mar', month)))
			const bundle = await open(log)
			expect(bundle.takenAt).toBe('2026-03-04T05:06:12.000Z')
			expect(bundle.node).toMatchObject({ hostname: 'node-9', role: 'server', init: 'systemd' })
		},
	)

	it('may begin with a blank before a month of one digit', async () => {
		const log = text(server.map((line, at) => syslog(line, at).replace('Mar', ' 3월')))
		const { bundle, evidence } = judge(await open(log))
		expect(bundle.node.hostname).toBe('node-9')
		expect(evidence.journal?.newest).toMatchObject({ version: 'v1.33.1+k3s1' })
	})

	const full = (line: string, at = 0) => `Wed 2026-03-04 06:06:1${at} +01 node-9 k3s[77]: ${line}`
	const unix = (line: string, at = 0) => `177260077${at}.000001 node-9 k3s[77]: ${line}`
	it.each([
		['short-full', full, '2026-03-04T05:06:12.000Z'],
		['short-unix', unix, '2026-03-04T05:06:12.000Z'],
	])('in the form %s is a bundle with a journal, too', async (_, head, at) => {
		const bundle = await open(text(server.map((line, index) => head(line, index))))
		expect(bundle.takenAt).toBe(at)
		expect(bundle.node).toMatchObject({ hostname: 'node-9', role: 'server', init: 'systemd' })
		expect(judge(bundle).evidence.journal?.newest).toMatchObject({ version: 'v1.33.1+k3s1', pid: 77 })
	})

	it('in the form short-monotonic has the times that k3s itself tells', async () => {
		const log = text(server.map((line, at) => `[  123.00000${at}] node-9 k3s[77]: ${line}`))
		const { bundle, evidence } = judge(await open(log))
		expect(bundle.takenAt).toBe('2026-03-04T05:06:07.000Z')
		expect(evidence.journal?.newest).toMatchObject({ version: 'v1.33.1+k3s1', pid: 77 })
	})

	it.each(['    ', '> ', '\t'])('may be a quotation: %j', async mark => {
		const log = text(server.map((line, at) => mark + syslog(line, at)))
		const { bundle, evidence } = judge(await open(log))
		expect(bundle.node).toMatchObject({ hostname: 'node-9', init: 'systemd' })
		expect(evidence.journal?.newest).toMatchObject({ version: 'v1.33.1+k3s1' })
	})

	it('of a terminal says what it says elsewhere, and keeps its lines', async () => {
		const log = text([
			'\u001b[36mINFO\u001b[0m[0000] Starting k3s v1.33.1+k3s1 (abc)             ',
			'INFO[0001] Kine available at unix://kine.sock           ',
			'FATA[0002] failed to start: "quoted"                    error="no such file"',
			'INFO[0000] Starting k3s v1.33.1+k3s1 (abc)             ',
			'E0304 05:06:08.000000    1234 server.go:100] "Failed" err="bad"',
			'FATA[0003] preparing server: failed to bootstrap cluster data: database disk image is malformed',
		])
		const { bundle, evidence, report } = judge(await open(log))
		expect(bundle.node).toMatchObject({ role: 'server', init: 'none' })
		// The kubelet's line tells when that was.
		expect(bundle.takenAt).toBe('2026-03-04T05:06:08.000Z')
		const later = await open(log.replace(/^E0304.*\n/m, ''))
		expect(later.takenAt).toBe('2026-05-01T00:00:00.000Z')
		const [first, second] = evidence.journal?.starts ?? []
		expect(first?.end?.lastWord?.text).toBe('failed to start: "quoted": no such file')
		expect(new Date(first?.beganAt ?? 0).toISOString()).toBe('2026-03-04T05:06:03.000Z')
		expect(new Date(second?.beganAt ?? 0).toISOString()).toBe('2026-03-04T05:06:05.000Z')
		const quote = report.diagnoses[0]?.findings.find(({ quote }) => quote)?.quote
		expect(report.diagnoses[0]?.cause).toBe('sqlite-corrupt')
		expect(quote).toMatchObject({ line: 6, text: expect.stringMatching(/^FATA\[0003\] preparing/) })
		expect(bundle.files.get(quote?.file ?? '')).toBe(log)
	})

	it('may have lost its times, or all of its heads but who spoke', async () => {
		const fatal =
			'level=fatal msg="preparing server: failed to bootstrap cluster data: database disk image is malformed"'
		for (const log of [
			text([fatal]),
			text([`... ${fatal}`]),
			text([`k3s[1749]: time="2026-03-04T05:06:05Z" ${fatal}`]),
		]) {
			const { report } = judge(await open(log))
			expect(report.diagnoses[0]?.cause, log).toBe('sqlite-corrupt')
			const { line, text: quoted = '' } = report.diagnoses[0]?.findings[0]?.quote ?? {}
			expect([line, log.includes(quoted)]).toEqual([1, true])
		}
	})

	it.each([
		[
			'starting kubernetes: preparing server: bootstrap data already found and encrypted with different token',
			'token-bootstrap-mismatch',
		],
		[
			'Error: preparing server: failed to bootstrap cluster data: database disk image is malformed',
			'sqlite-corrupt',
		],
		['panic: etcdserver: mvcc: database space exceeded', 'etcd-space-exceeded'],
		['k3s.service: Main process exited, code=dumped, status=4/ILL', 'binary-wrong-arch'],
	])('may be a last word alone: %s', async (said, cause) => {
		expect(judge(await open(text([said]))).report.diagnoses[0]?.cause).toBe(cause)
	})

	it('without heads is cut into starts by what systemd says', async () => {
		const failed = 'time="2026-03-04T05:06:09Z" level=fatal msg="Error: no such thing"'
		const start = ['Starting k3s.service - Lightweight Kubernetes...', ...server.slice(0, 2), failed]
		const ends = [
			'k3s.service: Main process exited, code=exited, status=1/FAILURE',
			"k3s.service: Failed with result 'exit-code'.",
		]
		const { evidence } = judge(await open(text([...start, ...ends, ...start, ...ends])))
		expect(evidence.journal?.starts.map(({ end }) => end?.how)).toEqual(['fatal', 'fatal'])
	})

	it('of an old etcd has its levels and times', async () => {
		const said =
			'2020-07-29 10:38:33.882390 C | etcdserver: cannot fetch cluster info from peer urls: could not retrieve cluster information'
		const { bundle, evidence } = judge(await open(text([said, 'panic: something'])))
		expect(bundle.takenAt).toBe('2020-07-29T10:38:33.882Z')
		expect(evidence.journal?.messages[0]).toMatchObject({
			level: 'fatal',
			component: 'etcd',
			text: 'etcdserver: cannot fetch cluster info from peer urls: could not retrieve cluster information',
		})
	})

	it('of docker has the names of its containers or times before its lines', async () => {
		const composed = await open(text(server.map(line => `k3s-server-1  | ${line}`)))
		expect(composed.files.get('journal/k3s.log')).toBe(text(server))
		expect(composed.node).toMatchObject({ role: 'server', init: 'none' })
		const timed = judge(await open(text(server.map(line => `2026-03-04T05:06:09.123456789Z ${line}`))))
		expect(timed.bundle.node.init).toBe('none')
		expect(timed.evidence.journal?.newest).toMatchObject({ version: 'v1.33.1+k3s1' })
	})

	it('without heads, with words of systemd, is of systemd', async () => {
		const log = text([...server, 'k3s.service: Main process exited, code=exited, status=1/FAILURE'])
		expect((await open(log)).node.init).toBe('systemd')
	})

	it('without any time is of the time of its file', async () => {
		const bundle = await open('E0304 05:06:08.000000    1234 server.go:100] "Failed"\n')
		expect(bundle.takenAt).toBe('2026-05-01T00:00:00.000Z')
		expect(bundle.node.role).toBe('unknown')
	})

	it('may be compressed, and may break off', async () => {
		const log = text(
			Array.from({ length: 5000 }, (_, at) => precise(`${at * 7919} ${says('Starting k3s v1')}`, at % 9)),
		)
		const packed = gzipSync(log)
		expect((await open(packed)).files.get('journal/k3s.log')).toBe(log)
		const bundle = await open(packed.subarray(0, packed.length - 2000))
		const kept = bundle.files.get('journal/k3s.log') ?? ''
		expect(kept.length).toBeGreaterThan(log.length / 2)
		expect(log.startsWith(kept)).toBe(true)
		expect(bundle.notes[0]).toContain('damaged or cut off')
	})

	it('of another writing system is read', async () => {
		const log = text(server.map(line => precise(line)))
		const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(log, 'utf16le')])
		expect((await open(bytes)).files.get('journal/k3s.log')).toBe(log)
	})

	it('with lines of a megabyte, NULs further on and bytes that are no text is read', async () => {
		const bytes = Buffer.concat([
			Buffer.from(text(server.map(line => precise(line)))),
			Buffer.from('x'.repeat(1024 * 1024)),
			Buffer.from([0x0a, 0x00, 0xff, 0xfe, 0x0a]),
		])
		expect((await open(bytes)).files.get('journal/k3s.log')?.endsWith('\n\u0000\ufffd\ufffd\n')).toBe(true)
	})

	it('that is large keeps its end', async () => {
		const path = fileWith(text(Array.from({ length: 4000 }, (_, at) => precise(`${at}`, at % 9))))
		const bundle = await openBundle(path, { limits: { file: 10_000 } })
		const kept = bundle.files.get('journal/k3s.log') ?? ''
		expect(kept.length).toBeGreaterThan(9_000)
		expect(kept).toMatch(/^2026-[^\n]*\n(?:2026-[^\n]*\n)*2026[^\n]* 3999\n$/)
		expect(bundle.entries).toEqual([{ file: 'journal/k3s.log', truncated: 'head' }])
	})

	it('of the whole system gives the lines of k3s, and those of the kernel apart', async () => {
		const bundle = await open(
			text([
				syslog('x').replace('k3s[77]', 'CRON[5]'),
				syslog('Out of memory: Killed process 77 (k3s-server)').replace('k3s[77]', 'kernel'),
				syslog(says('Starting k3s v1.33.1+k3s1 (abc)')),
				syslog('k3s.service: Main process exited').replace('k3s[77]', 'systemd[1]'),
				syslog('Started session 5 of user root.').replace('k3s[77]', 'systemd[1]'),
			]),
		)
		expect(bundle.files.get('journal/k3s.log')?.match(/\n/g)).toHaveLength(2)
		expect(bundle.files.get('journal/k3s.log')).toContain('Main process exited')
		expect(bundle.files.get('journal/kernel.log')).toContain('Out of memory')
		expect(bundle.notes).toContain('2 lines of other programs were left out.')
	})
})

/** 2026-03-04T05:06:07.089012Z in microseconds. */
const micros = '1772600767089012'

describe('journalctl -o json', () => {
	const record = (fields: object) =>
		JSON.stringify({
			__REALTIME_TIMESTAMP: micros,
			_HOSTNAME: 'node-9',
			SYSLOG_IDENTIFIER: 'k3s',
			_PID: '77',
			_SYSTEMD_UNIT: 'k3s.service',
			...fields,
		})

	it('becomes lines, whatever the message is', async () => {
		const bundle = await open(
			text([
				record({ MESSAGE: says('Starting k3s v1.33.1+k3s1 (abc)') }),
				record({ MESSAGE: [0x61, 0xff, 0x62] }),
				record({ MESSAGE: null }),
				record({ MESSAGE: 'panic: x\n\ngoroutine 1' }),
				record({
					MESSAGE: 'failed',
					SYSLOG_IDENTIFIER: 'systemd',
					_PID: '1',
					_SYSTEMD_UNIT: 'init.scope',
					UNIT: 'k3s.service',
				}),
				'{"MESSAGE": "cut off',
			]),
		)
		const head = '2026-03-04T05:06:07.089012+0000 node-9 k3s[77]: '
		expect(bundle.files.get('journal/k3s.log')?.split('\n')).toEqual([
			`${head}${says('Starting k3s v1.33.1+k3s1 (abc)')}`,
			`${head}a\ufffdb`,
			`${head}panic: x`,
			' '.repeat(head.length),
			`${' '.repeat(head.length)}goroutine 1`,
			'2026-03-04T05:06:07.089012+0000 node-9 systemd[1]: failed',
			'',
		])
		expect(bundle.takenAt).toBe('2026-03-04T05:06:07.089Z')
		expect(bundle.node).toMatchObject({ hostname: 'node-9', role: 'server', init: 'systemd' })
	})

	it('of the whole system gives the records of k3s, and those of the kernel apart', async () => {
		const bundle = await open(
			text([
				record({
					MESSAGE: 'oom',
					SYSLOG_IDENTIFIER: 'kernel',
					_TRANSPORT: 'kernel',
					_PID: undefined,
					_SYSTEMD_UNIT: undefined,
				}),
				record({ MESSAGE: 'login', SYSLOG_IDENTIFIER: 'sshd', _SYSTEMD_UNIT: 'ssh.service' }),
				record({ MESSAGE: 'mine', _SYSTEMD_UNIT: 'k3s-edge.service' }),
			]),
		)
		expect(bundle.files.get('journal/kernel.log')).toBe(
			'2026-03-04T05:06:07.089012+0000 node-9 kernel: oom\n',
		)
		expect(bundle.files.get('journal/k3s.log')).toContain('mine\n')
		expect(bundle.files.get('journal/k3s.log')).not.toContain('login')
	})

	it('may not forge a head: a host or program with blanks is one word', async () => {
		const bundle = await open(
			text([record({ MESSAGE: 'x', _HOSTNAME: 'a b: c', SYSLOG_IDENTIFIER: 'k3s x[1]: y' })]),
		)
		expect(bundle.files.get('journal/k3s.log')).toBe(
			'2026-03-04T05:06:07.089012+0000 a_b_c k3s_x_1_y[77]: x\n',
		)
	})
})

describe('journalctl -o export', () => {
	const field = (name: string, value: string | Buffer) => {
		if (typeof value === 'string') return Buffer.from(`${name}=${value}\n`)
		const size = Buffer.alloc(8)
		size.writeBigUInt64LE(BigInt(value.length))
		return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')])
	}
	const record = (message: string | Buffer) =>
		Buffer.concat([
			field('__CURSOR', 's=1'),
			field('__REALTIME_TIMESTAMP', micros),
			field('_HOSTNAME', 'node-9'),
			field('SYSLOG_IDENTIFIER', 'k3s'),
			field('_PID', '77'),
			field('_SYSTEMD_UNIT', 'k3s-agent.service'),
			field('MESSAGE', message),
			Buffer.from('\n'),
		])

	it('becomes lines, binary fields and damage included', async () => {
		const bytes = Buffer.concat([
			record(says('Starting k3s agent v1.33.1+k3s1 (abc)')),
			record(Buffer.from('two\nlines\u0000')),
			// A length that leads beyond the end.
			Buffer.from('BROKEN\n\xff\xff\xff\xff\xff\xff\xff\xff\n\n', 'latin1'),
			record('last').subarray(0, -8),
		])
		const head = '2026-03-04T05:06:07.089012+0000 node-9 k3s[77]: '
		const bundle = await open(bytes)
		expect(bundle.files.get('journal/k3s-agent.log')?.split('\n')).toEqual([
			`${head}${says('Starting k3s agent v1.33.1+k3s1 (abc)')}`,
			`${head}two`,
			`${' '.repeat(head.length)}lines\u0000`,
			'',
		])
		expect(bundle.node.role).toBe('agent')
	})
})

describe('standard input', () => {
	const pipe = (bytes: Uint8Array) =>
		openBundle('-', { stdin: Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]) })

	it('may be a log or an archive', async () => {
		const log = Buffer.from(text(server.map(line => precise(line))))
		expect((await pipe(log)).files.get('journal/k3s.log')).toBe(log.toString())
		const tar = tarOf(membersOf(smallBundle))
		expect((await pipe(tar)).node.hostname).toBe('edge-7')
		expect((await pipe(gzipSync(tar))).node.hostname).toBe('edge-7')
	})

	it('is told when nothing comes, when it is the keyboard, or when reading fails', async () => {
		await expect(openBundle('-', { stdin: Readable.from([]) })).rejects.toMatchObject({
			tried: 'open standard input',
			happened: 'it is empty',
		})
		const keyboard = Object.assign(Readable.from([]), { isTTY: true })
		await expect(openBundle('-', { stdin: keyboard })).rejects.toMatchObject({
			happened: 'it is the keyboard',
		})
		const failing = new Readable({
			read() {
				this.destroy(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }))
			},
		})
		await expect(openBundle('-', { stdin: failing })).rejects.toBeInstanceOf(BundleError)
	})
})

describe('what is no log', () => {
	it('is refused with what it is and what to do', async () => {
		const zeros = await refusal(Buffer.alloc(100_000))
		expect(zeros.happened).toBe('it holds nothing but zero bytes')
		expect((await refusal('')).happened).toBe('it is empty')
		expect((await refusal(Buffer.from('\x7fELF\x02\x01\x01\x00\x00', 'latin1'))).happened).toContain(
			'neither',
		)
		expect((await refusal(Buffer.from('LPKSHHRH\x00\x00', 'latin1'))).next).toContain('journalctl --file')
		expect((await refusal(Buffer.from('\xfd7zXZ\x00\x00', 'latin1'))).next).toContain('xz -d')
		expect((await refusal(gzipSync(gzipSync('x')))).happened).toBe('it is compressed twice')
		expect((await refusal('-- No entries --\n')).happened).toBe('the journal in it has no entries')
		const yaml = await refusal('kind: Pod\nmetadata:\n  name: x\n')
		expect(yaml.happened).toBe('no line in it looks like one of a log')
		expect(yaml.next).toContain('journalctl -u k3s')
		expect(yaml.message).toBe(`Cannot ${yaml.tried}: ${yaml.happened}. ${yaml.next}`)
	})
})
