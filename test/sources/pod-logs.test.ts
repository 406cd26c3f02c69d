import { describe, expect, it } from 'vitest'
import { podLogs } from '../../src/sources/pod-logs.js'
import { bundleOf } from '../bundle-of.js'
import { fakeAsk } from './fake-ask.js'

const pod = '/var/log/pods/shop_worker-9bb67bc6b-t8mhl_a92ec60c-17e7-42ef-843a-3c8029a5032c'
const file = `files${pod}/worker/3.log`
const log = `2026-11-21T05:22:27.872414586Z stderr F ERROR: DATABASE_URL is not set
2026-11-21T05:22:27.872443329Z stdout F connecting to db
`

function linesOf(content: string) {
	return podLogs.parse(bundleOf({ [file]: content }))?.[0]?.lines ?? []
}

describe('podLogs', () => {
	it('reads whose log it is, and its lines', () => {
		expect(podLogs.parse(bundleOf({ [file]: log }))).toEqual([
			{
				file,
				namespace: 'shop',
				pod: 'worker-9bb67bc6b-t8mhl',
				uid: 'a92ec60c-17e7-42ef-843a-3c8029a5032c',
				container: 'worker',
				instance: 3,
				lines: [
					{
						at: Date.parse('2026-11-21T05:22:27.872Z'),
						stream: 'stderr',
						text: 'ERROR: DATABASE_URL is not set',
						line: 1,
					},
					{ at: Date.parse('2026-11-21T05:22:27.872Z'), stream: 'stdout', text: 'connecting to db', line: 2 },
				],
			},
		])
	})

	it('joins the parts of long lines, also where both streams speak', () => {
		const parts = `2026-11-21T05:22:27Z stdout P one
2026-11-21T05:22:27Z stderr F other
2026-11-21T05:22:28Z stdout P  two
2026-11-21T05:22:28Z stdout F  three
2026-11-21T05:22:29Z stdout F 
`
		expect(linesOf(parts).map(({ text, line }) => [text, line])).toEqual([
			['one two three', 1],
			['other', 2],
			['', 5],
		])
	})

	it('drops the cut first line, keeps one of another shape', () => {
		const lines = linesOf(`75Z stdout F half a line\n${log}unexpected\n`)
		expect(lines.map(({ text }) => text)).toEqual([
			'ERROR: DATABASE_URL is not set',
			'connecting to db',
			'unexpected',
		])
		expect(lines.at(-1)).toMatchObject({ stream: '', line: 4 })
	})

	it('bounds what it keeps, and keeps the newest', () => {
		const many = Array.from(
			{ length: 20_000 },
			(_, index) => `2026-11-21T05:22:27Z stdout F n${index}\n`,
		).join('')
		const lines = linesOf(many)
		expect(lines.length).toBeLessThan(10_000)
		expect(lines.at(-1)).toMatchObject({ text: 'n19999', line: 20_000 })
		const endless = '2026-11-21T05:22:27Z stdout P x\n'.repeat(20_000)
		expect(linesOf(endless)).toHaveLength(1)
		expect(linesOf(`2026-11-21T05:22:27Z stdout F ${'y'.repeat(1_000_000)}\n`)[0]?.text.length).toBeLessThan(
			10_000,
		)
	})

	it('ignores what is no log of a container, and is absent without any', () => {
		const files = {
			'files/var/log/pods/x/y/0.log': log,
			'files/var/log/pods/a_b_c_d/y/0.log': log,
			[`files${pod}/worker/3.log.20261121-052227`]: log,
			[`files${pod}/worker/deep/3.log`]: log,
		}
		expect(podLogs.parse(bundleOf(files))).toBeUndefined()
	})

	it('takes the two newest of kube-system and of restarted containers', async () => {
		const paths = [
			'/var/log/pods/kube-system_coredns-5f56_u1/coredns/0.log',
			'/var/log/pods/shop_quiet-1_u2/web/0.log',
			'/var/log/pods/shop_crash-1_u3/app/9.log',
			'/var/log/pods/shop_crash-1_u3/app/10.log',
			'/var/log/pods/shop_crash-1_u3/app/11.log',
			'/var/log/pods/shop_crash-1_u3/app/10.log.20261121-052227.gz',
			'/var/log/pods/stray/app/1.log',
		]
		const { ask, read } = fakeAsk({ paths: Object.fromEntries(paths.map(path => [path, log])) })
		await podLogs.collect(ask)
		expect(read.map(({ path }) => path)).toEqual([paths[0], paths[4], paths[3]])
		expect(read.every(({ maxBytes }) => maxBytes === 200_000)).toBe(true)
	})

	it('stops at its total', async () => {
		const paths = Array.from({ length: 300 }, (_, index) => `/var/log/pods/kube-system_p${index}_u/c/0.log`)
		const small = fakeAsk({ paths: Object.fromEntries(paths.map(path => [path, 'x'])) })
		await podLogs.collect(small.ask)
		expect(small.read).toHaveLength(200)
		const big = fakeAsk({ paths: Object.fromEntries(paths.map(path => [path, 'x'.repeat(200_000)])) })
		await podLogs.collect(big.ask)
		expect(big.read.length).toBeLessThan(60)
	})
})
