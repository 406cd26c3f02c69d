import { describe, expect, it } from 'vitest'
import type { LogRow } from '../../../src/model/log-line.js'
import { readEntry, timeOfLine } from '../../../src/sources/log/entry.js'
import { isNoise } from '../../../src/sources/log/noise.js'
import { suspicious } from '../../../src/sources/log/severity.js'

const hint = { year: 2026, month: 10 }
const read = (text: string, before?: LogRow) => readEntry({ number: 0, text }, hint, before)
const at = (text: string) => new Date(timeOfLine({ number: 0, text }, hint) ?? Number.NaN).toISOString()

const head = '2026-11-21T04:54:37.080759+0000 s1 k3s[56]: '

describe('a line of a log', () => {
	it.each([
		[
			`${head}time="2026-11-21T04:54:37Z" level=error msg="Failed to connect" error="dial tcp: refused" url="wss://x"`,
			{ level: 'error', says: 'Failed to connect: dial tcp: refused', fields: 'url="wss://x"' },
		],
		[
			`${head}E1121 04:54:37.080759      56 kubelet.go:2450] "Failed to sync" err="no node" pod="kube-system/coredns"`,
			{ level: 'error', who: 'kubelet.go:2450', says: 'Failed to sync: no node' },
		],
		[
			`${head}{"level":"warn","ts":"2026-11-21T04:54:37.1Z","caller":"etcdserver/server.go:1","msg":"slow","took":"2s"}`,
			{ level: 'warning', who: 'server.go', says: 'slow', fields: 'took=2s' },
		],
		[
			'2026-11-21T04:54:37.1Z stderr F [ERROR] plugin/errors: 2 . NS',
			{ level: 'error', says: '[ERROR] plugin/errors: 2 . NS' },
		],
		[
			'ts=2026-11-21T04:54:37Z level=warn caller=main.go:12 msg="no peers"',
			{ level: 'warning', who: 'main.go', says: 'no peers' },
		],
		['FATA[0003] kubelet exited: no swap      ', { level: 'fatal', says: 'kubelet exited: no swap' }],
		['ERRO[2026-11-21T04:54:37Z] it broke', { level: 'error', says: 'it broke' }],
		['PANI[0000] gone', { level: 'panic', says: 'gone' }],
		['[   12.345678] Out of memory: Killed process 77 (k3s-server)', { level: 'error', who: 'kernel' }],
		[
			'2026-11-21T04:54:37.080759+0000 s1 systemd[1]: Failed to start k3s.service - Lightweight Kubernetes.',
			{ level: 'error', who: 'systemd' },
		],
		[
			'{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"ResponseComplete","verb":"get","requestURI":"/api/v1/nodes","user":{"username":"system:node:s1"},"responseStatus":{"code":403,"message":"no"},"stageTimestamp":"2026-11-21T04:54:37.1Z"}',
			{ level: 'warning', who: 'system:node:s1', says: 'get /api/v1/nodes → 403 no' },
		],
		['just words', { level: 'info', who: '', says: 'just words', fields: '' }],
		['', { level: 'info', says: '' }],
	])('is read into its parts: %s', (text, parts) => {
		expect(read(text)).toMatchObject({ text, continues: false, ...parts })
	})

	it('belongs to the panic above it', () => {
		const panic = read(`${head}panic: runtime error`)
		expect(panic).toMatchObject({ level: 'panic', continues: false })
		const blank = read(head, panic)
		const frame = read(`${head}main.main()`, blank)
		const place = read(`${head}\t/go/src/main.go:12 +0x1d`, frame)
		for (const row of [frame, place]) expect(row).toMatchObject({ level: 'panic', continues: true })
		const next = read(`${head}time="2026-11-21T04:54:38Z" level=info msg="Starting k3s v1.30.1+k3s1"`, place)
		expect(next).toMatchObject({ level: 'info', continues: false })
	})

	it.each([
		[`${head}x`, '2026-11-21T04:54:37.080Z'],
		['2026-11-21T04:54:37.080759123Z stdout F x', '2026-11-21T04:54:37.080Z'],
		['E1121 04:54:37.080759      56 x.go:1] x', '2026-11-21T04:54:37.080Z'],
		['W1224 04:54:37.080759      56 x.go:1] x', '2025-12-24T04:54:37.080Z'],
		['time="2026-11-21T04:54:37+01:00" level=info msg=x', '2026-11-21T03:54:37.000Z'],
		['2026-11-21 04:54:37,080 INFO x', '2026-11-21T04:54:37.080Z'],
		['Nov 21 04:54:37 s1 k3s[1]: x', '2026-11-21T04:54:37.000Z'],
	])('tells its time: %s', (text, time) => {
		expect(at(text)).toBe(time)
	})

	it('is looked at when it may be an error: the quick sieve misses none', () => {
		const lines = [
			`${head}time="x" level=fatal msg="no"`,
			`${head}F1121 04:54:37.080759 56 x.go:1] no`,
			`${head}Error: no`,
			`${head}panic: no`,
			`${head}{"level":"error","msg":"no"}`,
			'{"severity":"CRITICAL","message":"no"}',
			'[ERROR] no',
			'WARNING: no',
			'nginx [emerg] no',
			'2026-11-21T04:54:37.1Z stderr F Traceback (most recent call last):',
			"2026-11-21T04:54:37.080759+0000 s1 systemd[1]: k3s.service: Failed with result 'exit-code'.",
			'2026-11-21T04:54:37.080759+0000 s1 systemd[1]: k3s.service: Main process exited, code=exited, status=1/FAILURE',
			'[ 1.0] EXT4-fs error (device sda1): no',
			'[ 1.0] Buffer I/O error on dev sda1',
		]
		for (const line of lines) {
			expect(read(line).level, line).not.toBe('info')
			expect(suspicious().test(line), line).toBe(true)
		}
	})

	it('never breaks the reader, whatever it is', () => {
		const bits = [
			'time="',
			'level=',
			'"',
			'\\',
			'{"level"',
			'}',
			'[',
			'E1121 04:54:37.1 ',
			'\u0000',
			'panic: ',
			'2026-11-21T',
			'日',
			']',
		]
		for (let round = 0; round < 3_000; round += 1) {
			const text = Array.from(
				{ length: round % 9 },
				(_, index) => bits[((round * 7 + index * 5 + round / 3) % bits.length) | 0],
			).join('')
			expect(read(text).text).toBe(text)
		}
	})
})

describe('noise', () => {
	it.each([
		'level=info msg="Polling for API server readiness: GET /readyz failed: the server is currently unable"',
		'level=warning msg="Failed to load kernel module nft-expr-counter with modprobe"',
		'http: TLS handshake error from 10.0.0.7:5123: EOF',
		'Operation cannot be fulfilled on nodes "s1": the object has been modified; please apply your changes',
	])('is what healthy nodes say: %s', line => expect(isNoise(head + line)).toBe(true))

	it.each([
		'level=fatal msg="starting kubernetes: preparing server: failed to bootstrap cluster data"',
		'level=error msg="Shutdown request received: etcd exited"',
		'E1121 04:54:37.080759 56 kubelet.go:1] "Unable to register node" err="forbidden"',
	])('is no cause of trouble: %s', line => expect(isNoise(head + line)).toBe(false))
})
