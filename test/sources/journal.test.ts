import { describe, expect, it } from 'vitest'
import type { JournalEvidence } from '../../src/model/evidence/index.js'
import { fingerprint } from '../../src/sources/journal/fingerprint.js'
import { journal } from '../../src/sources/journal/index.js'
import { decodeLine } from '../../src/sources/journal/line.js'
import { bundleOf } from '../bundle-of.js'

/** Lines `seconds|identifier[pid]|body` of one minute become a journal. */
function journalOf(...lines: string[]): JournalEvidence {
	const text = lines.map(line => {
		const [second = '', who = '', ...body] = line.split('|')
		const at = new Date(Date.UTC(2026, 10, 21, 5, 0, Number(second))).toISOString().replace('Z', '000+0000')
		return `${at} n1 ${who}: ${body.join('|')}`
	})
	const read = journal.parse(bundleOf({ 'journal/k3s.log': `${text.join('\n')}\n` }))
	if (!read) throw new Error('no journal')
	return read
}

const starting = 'time="2026-11-21T05:00:00Z" level=info msg="Starting k3s v1.33.1+k3s1 (abc)"'
const ready = 'time="2026-11-21T05:00:00Z" level=info msg="k3s is up and running"'
const error = (text: string) => `time="2026-11-21T05:00:00Z" level=error msg="${text}"`
const fatal = (text: string) => `time="2026-11-21T05:00:00Z" level=fatal msg="${text}"`

describe('a line', () => {
	it('of logrus: message with its error', () => {
		expect(
			decodeLine(
				'time="2026-11-21T04:58:46Z" level=error msg="Remotedialer proxy error; reconnecting..." error="dial tcp 10.0.0.1:6443: connect: connection refused" url="wss://x"',
			),
		).toEqual({
			level: 'error',
			component: 'k3s',
			text: 'Remotedialer proxy error; reconnecting...: dial tcp 10.0.0.1:6443: connect: connection refused',
		})
	})

	it('of logrus: escapes are decoded, a quoted shutdown reason is plain', () => {
		const { text } = decodeLine(
			String.raw`time="2026-11-21T05:13:42Z" level=error msg="Shutdown request received: \"kube-proxy exited: chain \\\"POSTROUTING\\\" gone\""`,
		)
		expect(text).toBe('Shutdown request received: kube-proxy exited: chain "POSTROUTING" gone')
	})

	it('of klog: severity, place, message, fields', () => {
		const { level, component, text } = decodeLine(
			'E1121 05:40:14.380000     861 server.go:232] "Failed to listen and serve" err="listen tcp 0.0.0.0:10250: bind: address already in use"',
		)
		expect([level, component]).toEqual(['error', 'server.go:232'])
		expect(text).toContain(
			'Failed to listen and serve: listen tcp 0.0.0.0:10250: bind: address already in use',
		)
	})

	it('of etcd: JSON with its error', () => {
		expect(
			decodeLine(
				'{"level":"warn","ts":"2026-11-21T05:14:06Z","caller":"x.go:1","msg":"server error","error":"the member has been permanently removed from the cluster"}',
			),
		).toEqual({
			level: 'warning',
			component: 'etcd',
			text: 'server error: the member has been permanently removed from the cluster',
		})
	})

	it('that is broken stays plain text and throws nothing', () => {
		for (const line of [
			'',
			'{"level":',
			'time="x',
			'time="x" level=',
			'E1121 05:40:14',
			'\u0000\uffff',
			'{"level":"x","msg":3}',
		]) {
			expect(() => decodeLine(line)).not.toThrow()
		}
		expect(decodeLine('panic: runtime error').level).toBe('panic')
	})
})

describe('distinct messages', () => {
	it('are equal when only numbers, addresses and hashes differ', () => {
		expect(fingerprint('dial tcp 10.0.0.1:6443 from a1b2 after 5s')).toBe(
			fingerprint('dial tcp 192.168.7.12:443 from 9 after 17s'),
		)
		expect(fingerprint('dial tcp 10.0.0.1')).not.toBe(fingerprint('dial udp 10.0.0.1'))
	})

	it('are counted, with first and last time and line', () => {
		const { messages } = journalOf(
			`0|k3s[7]|${starting}`,
			...[1, 2, 3].map(n => `${n}|k3s[7]|${error(`try ${n} failed`)}`),
		)
		const tried = messages.find(({ text }) => text.includes('failed'))
		expect(tried).toMatchObject({ count: 3, text: 'try 1 failed', lastText: 'try 3 failed' })
		expect([tried?.quote.line, tried?.lastQuote.line]).toEqual([2, 4])
		expect((tried?.lastAt ?? 0) - (tried?.firstAt ?? 0)).toBe(2000)
	})
})

describe('starts', () => {
	it('end with the fatal word of k3s, whatever systemd says after it', () => {
		const { starts } = journalOf(
			'0|systemd[1]|Starting k3s.service - Lightweight Kubernetes...',
			`1|k3s[7]|${starting}`,
			`2|k3s[7]|${fatal('Error: invalid node-ip: x')}`,
			'3|systemd[1]|k3s.service: Main process exited, code=exited, status=1/FAILURE',
			"3|systemd[1]|k3s.service: Failed with result 'exit-code'.",
			'3|systemd[1]|Failed to start k3s.service - Lightweight Kubernetes.',
		)
		expect(starts).toHaveLength(1)
		expect(starts[0]).toMatchObject({ pid: 7, version: 'v1.33.1+k3s1', role: 'server', furthest: 'starting' })
		expect(starts[0]?.end).toMatchObject({ how: 'fatal', result: 'exit-code', status: '1/FAILURE' })
		expect(starts[0]?.end?.lastWord?.text).toBe('Error: invalid node-ip: x')
	})

	it('that the operator stopped did not fail', () => {
		const { starts } = journalOf(
			'0|systemd[1]|Starting k3s.service - Lightweight Kubernetes...',
			`1|k3s[7]|${starting}`,
			`2|k3s[7]|${ready}`,
			'2|systemd[1]|Started k3s.service - Lightweight Kubernetes.',
			'5|systemd[1]|Stopping k3s.service - Lightweight Kubernetes...',
			'6|k3s[7]|time="2026-11-21T05:00:06Z" level=info msg="Shutdown request received"',
			'7|systemd[1]|k3s.service: Deactivated successfully.',
			'7|systemd[1]|Stopped k3s.service - Lightweight Kubernetes.',
		)
		expect(starts[0]?.end?.how).toBe('stopped')
	})

	it('without systemd lines are told apart by their first word', () => {
		const read = journal.parse(
			bundleOf(
				{ 'journal/k3s.log': `${starting}\n${fatal('a')}\n${starting}\n${ready}\n` },
				{ init: 'openrc' },
			),
		)
		expect(read?.starts.map(({ end, readyAt }) => [end?.how, readyAt !== undefined])).toEqual([
			['fatal', false],
			[undefined, true],
		])
	})

	it('are not begun by a helper whose words came before those of systemd', () => {
		const { starts } = journalOf(
			'1|modprobe[5]|modprobe: FATAL: Module br_netfilter not found',
			'2|systemd[1]|Starting k3s.service - x...',
			'2|modprobe[6]|modprobe: FATAL: Module overlay not found',
			`3|k3s[7]|${starting}`,
			`4|k3s[7]|${ready}`,
		)
		expect(starts).toHaveLength(1)
		expect(starts[0]).toMatchObject({ truncated: false, pid: 7, beganAt: Date.UTC(2026, 10, 21, 5, 0, 2) })
	})

	it('killed by a signal are killed, by 203/EXEC never began', () => {
		const kill = journalOf(
			'0|systemd[1]|Starting k3s.service - x...',
			`1|k3s[7]|${starting}`,
			'2|systemd[1]|k3s.service: Main process exited, code=killed, status=9/KILL',
			"2|systemd[1]|k3s.service: Failed with result 'signal'.",
		)
		expect(kill.starts[0]?.end?.how).toBe('killed')
		const exec = journalOf(
			'0|systemd[1]|Starting k3s.service - x...',
			'1|systemd[1]|k3s.service: Main process exited, code=exited, status=203/EXEC',
			"1|systemd[1]|k3s.service: Failed with result 'exit-code'.",
		)
		expect(exec.starts[0]?.end?.how).toBe('exec')
	})

	it('wait in a loop: the reason behind the colon, not the loop that every start has', () => {
		const { newest } = journalOf(
			`0|k3s[7]|${starting}`,
			'1|k3s[7]|time="2026-11-21T05:00:00Z" level=info msg="Waiting to retrieve agent configuration; server is not ready: not authorized"',
			'6|k3s[7]|time="2026-11-21T05:00:00Z" level=info msg="Waiting to retrieve agent configuration; server is not ready: not authorized"',
			'7|k3s[7]|time="2026-11-21T05:00:00Z" level=info msg="Polling for API server readiness: GET /readyz failed: x"',
		)
		expect(newest?.waiting).toMatchObject({ reason: 'not authorized' })
		expect(newest?.waiting?.message.count).toBe(2)
	})
})

describe('what still counts', () => {
	const failed = [
		'0|systemd[1]|Starting k3s.service - x...',
		`1|k3s[7]|${starting}`,
		`2|k3s[7]|${fatal('Error: bad flag')}`,
		"2|systemd[1]|k3s.service: Failed with result 'exit-code'.",
	]

	it('is the failed start, while the next one is younger than it got', () => {
		const { current, messages } = journalOf(...failed, '7|systemd[1]|Starting k3s.service - x...')
		expect(current.map(({ end }) => end?.how)).toEqual([undefined, 'fatal'])
		expect(messages.map(({ text }) => text)).toContain('Error: bad flag')
	})

	it('is not an error that a later start got past', () => {
		const { current, messages } = journalOf(
			...failed,
			'7|systemd[1]|Starting k3s.service - x...',
			`8|k3s[9]|${starting}`,
			`9|k3s[9]|${ready}`,
		)
		expect(current).toHaveLength(1)
		expect(messages.map(({ text }) => text)).not.toContain('Error: bad flag')
	})

	it('is not a line that also stands in starts that went well', () => {
		const good = (at: number, pid: number) => [
			`${at}|systemd[1]|Starting k3s.service - x...`,
			`${at + 1}|k3s[${pid}]|${starting}`,
			`${at + 1}|k3s[${pid}]|${error('noise 17 of every start')}`,
			`${at + 2}|k3s[${pid}]|${ready}`,
		]
		const { messages } = journalOf(
			...good(0, 7),
			'5|systemd[1]|Stopping k3s.service - x...',
			'5|systemd[1]|Stopped k3s.service - x.',
			...good(6, 8),
			`9|k3s[8]|${error('a new trouble')}`,
		)
		expect(messages.map(({ text }) => text)).not.toContain('noise 17 of every start')
		expect(messages.map(({ text }) => text)).toContain('a new trouble')
	})
})

describe('hostile journals', () => {
	it('give less, never an exception', () => {
		const odd = [
			'\u0000\u0001',
			'x'.repeat(1_100_000),
			'2026-13-45T99:99:99 n k3s[1]: x',
			'Nov 99 99:99:99 n k3s: y',
			'  continued',
			'-- Boot abc --',
			'2026-11-21T05:00:00+0000',
			'2026-11-21T05:00:00+0000 n',
			`${'{'.repeat(5000)}`,
		]
		const read = journal.parse(bundleOf({ 'journal/k3s.log': odd.join('\n') }))
		expect(read?.lines).toBe(odd.length)
	})

	it('may have a clock that goes backwards: it is said', () => {
		expect(journalOf(`9|k3s[7]|${starting}`, `1|k3s[7]|${ready}`).clockWentBack).toBe(true)
		expect(journalOf(`1|k3s[7]|${starting}`, `9|k3s[7]|${ready}`).clockWentBack).toBe(false)
	})

	it('without a year in their times get the one of the bundle', () => {
		const read = journal.parse(
			bundleOf({
				'journal/k3s.log': `Dec 31 23:59:58 n1 k3s[7]: ${starting}\nNov 20 05:00:00 n1 k3s[7]: ${ready}\n`,
			}),
		)
		expect(new Date(read?.firstAt ?? 0).toISOString()).toBe('2025-12-31T23:59:58.000Z')
		expect(new Date(read?.lastAt ?? 0).toISOString()).toBe('2026-11-20T05:00:00.000Z')
	})
})
