/** What was never asked: a living host says so and why, a saved bundle says that it is not in it. */
import { describe, expect, it } from 'vitest'
import { rules } from '../../rules/index.js'
import { anonymise } from '../../src/bundle/anonymise/index.js'
import { collect } from '../../src/bundle/collect.js'
import { openBundle } from '../../src/bundle/open.js'
import { readEvidence } from '../../src/bundle/read.js'
import { writeBundle } from '../../src/bundle/write.js'
import { examine } from '../../src/examine.js'
import type { Host } from '../../src/host/host.js'
import type { Bundle } from '../../src/model/bundle.js'
import { merged } from '../../src/reexamine.js'
import { type Format, formats, renderReport } from '../../src/report/render.js'
import { sources } from '../../src/sources/index.js'
import type { Source } from '../../src/sources/source.js'
import { Driver } from '../app/subjects.js'
import { bundleOf } from '../bundle-of.js'
import { type Paper, paperHost } from '../host/paper-host.js'
import { openRecording } from '../recording.js'
import { scratchFolder } from './archive-of.js'

/** No API answers it, and nothing listens. */
const silent = (paper: Paper): Host => ({
	...paperHost(paper),
	kube: async path => ({
		ok: false,
		ms: 1,
		unavailable: { why: 'failed', detail: 'connection refused', asked: path },
	}),
	dial: async () => ({ result: 'refused', ms: 1 }),
	tls: async () => ({ certificates: [], error: 'refused', ms: 1 }),
	get: async () => ({ status: 0, body: '', exit: 7, ms: 1 }),
})

/** A recorded node whose API is down. */
async function asked(): Promise<Bundle> {
	const recorded = await openRecording('healthy-server')
	const files: Record<string, string> = {}
	for (const [file, text] of recorded.files)
		if (file.startsWith('files/')) files[file.slice('files'.length)] = text
	const commands: Record<string, string> = {}
	for (const { file, argv } of recorded.entries) {
		const text = recorded.files.get(file)
		if (argv && text !== undefined) commands[argv.join(' ')] = text
	}
	return collect(silent({ files, commands }), recorded.node, sources)
}

let opened = 0

async function reopened(bundle: Bundle): Promise<Bundle> {
	const path = `${scratchFolder()}/${opened++}.tar.gz`
	await writeBundle(bundle, path)
	return openBundle(path)
}

const unseen = async (bundle: Bundle, from: string) =>
	(await renderReport(examine(bundle, rules, from).report, 'text')).replace(/\s+/g, ' ')

/** The evidence screen. */
function screen(bundle: Bundle, mode: 'live' | 'bundle'): string {
	const app = new Driver({ mode, from: mode === 'live' ? 'this host' : 'x.tar.gz' })
	app.examined(examine(bundle, rules, 'x'))
	app.press('7').type('/api/nodes.json').press('enter')
	return app.screen()
}

describe('a question that was never asked', () => {
	it('is told as such of a living host, with its reason, in every report', async () => {
		const bundle = await asked()
		for (const each of [bundle, anonymise(bundle), merged(bundle, await asked())]) {
			const { report } = examine(each, rules, 'this host')
			for (const format of Object.keys(formats) as Format[])
				expect(await renderReport(report, format), format).not.toMatch(/in this bundle/i)
			const text = await unseen(each, 'this host')
			expect(text).toContain('cluster: Not asked: the Kubernetes API did not answer. $ k3s kubectl get nodes')
		}
	})

	it('is not in a saved bundle, which cannot know', async () => {
		const bundle = await reopened(await asked())
		expect(bundle.live).toBeUndefined()
		const text = await unseen(bundle, 'x.tar.gz')
		expect(text).toContain('cluster: Not in this bundle. $ k3s kubectl get nodes')
		expect(text).not.toMatch(/not asked/i)
	})

	it('is shown so on the screen of the evidence, in both modes', async () => {
		const bundle = await asked()
		const live = screen(bundle, 'live')
		expect(live).toMatch(/api\/nodes\.json +Not asked: the Kubernetes API.* not asked/)
		expect(live).not.toMatch(/in this bundle/i)
		const saved = screen(await reopened(bundle), 'bundle')
		expect(saved).toMatch(/api\/nodes\.json +Not in this bundle\. +not there/)
		expect(saved).not.toMatch(/not asked/i)
	})

	it('is told of a file that is looked for by its name, in both modes', async () => {
		const bundle = await asked()
		const told = (of: Bundle, mode: 'live' | 'bundle') => {
			const app = new Driver({ mode, from: 'x' }).examined(examine(of, rules, 'x'))
			return app.type(':evidence api/nodes.json').press('enter').screen()
		}
		expect(told(bundle, 'live')).toContain('api/nodes.json was not asked for.')
		expect(told(await reopened(bundle), 'bundle')).toContain('api/nodes.json is not in this bundle.')
	})

	it('tells that its source failed, or that the time was up', async () => {
		const wants = () => [{ file: 'commands/free.txt', askFor: 'free' }]
		const parse = () => undefined
		const failing: Source = {
			name: 'memory',
			title: 'memory',
			wants,
			parse,
			collect: async () => {
				throw new Error('no such luck')
			},
		}
		const slow: Source = {
			name: 'disks',
			title: 'disks',
			wants,
			parse,
			collect: () => new Promise(() => {}),
		}
		const done: Source = { name: 'clock', title: 'clock', wants, parse, collect: async () => {} }
		const of = [failing, slow, done]
		const bundle = await collect(silent({}), bundleOf({}).node, of, { limitSeconds: 0.2 })
		expect(readEvidence(bundle, of).gaps.map(({ source, detail }) => `${source}: ${detail}`)).toEqual([
			'memory: Not asked: asking failed (no such luck).',
			'disks: Not asked: the time was up.',
			'clock: Not asked.',
		])
	})

	it('is none where it was asked under another name: the log of a host without systemd', async () => {
		const bundle = await collect(silent({}), bundleOf({}, { init: 'openrc' }).node, sources)
		for (const each of [bundle, await reopened(bundle)]) {
			const gap = examine(each, rules, 'x').report.gaps.find(({ source }) => source === 'journal')
			expect(gap).toMatchObject({ file: 'journal/k3s.log', why: 'absent', askFor: 'cat /var/log/k3s.log' })
			expect(gap?.detail).toBe('It does not exist on the node. absent')
		}
	})
})
