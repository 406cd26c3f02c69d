import { describe, expect, it } from 'vitest'
import { type Comparison, compare, type Section, type Side } from '../../src/report/diff/compare.js'
import { diffJson, diffMarkdown, diffText } from '../../src/report/diff/show.js'
import { judgeFiles, judgeRecording } from '../judge.js'
import { hostileReport, hostileWords } from './hostile.js'

async function diff(
	a: string,
	b: string,
	...patch: Parameters<typeof judgeRecording>[1][]
): Promise<Comparison> {
	return compare(await judgeRecording(a), await judgeRecording(b, patch[0]))
}

function sectionOf(comparison: Comparison, name: Section['name']): string[] {
	const section = comparison.sections.find(each => each.name === name)
	return (section?.changes ?? []).map(
		({ kind, what, before, after }) => `${kind} ${what}: ${before ?? ''}|${after ?? ''}`,
	)
}

const healthy = 'healthy-server'

describe('what changed between two bundles', () => {
	it('is nothing between a bundle and itself', async () => {
		const same = await diff(healthy, healthy)
		expect(same.sections.flatMap(({ changes }) => changes)).toEqual([])
		expect(diffText(same, { width: 80, colour: false })).toContain('Nothing changed')
		expect(diffMarkdown(same)).toContain('Nothing changed')
	})

	it('is a new diagnosis, the way back a diagnosis that is gone', async () => {
		const broken = await diff(healthy, 'config-tab')
		expect(sectionOf(broken, 'diagnoses')[0]).toMatch(/^fresh .*config-invalid-yaml.*critical, certain/)
		const mended = await diff('config-tab', healthy)
		expect(sectionOf(mended, 'diagnoses')[0]).toMatch(/^gone .*config-invalid-yaml/)
		expect(sectionOf(broken, 'starts').join()).toMatch(/changed service: running\|/)
	})

	it('is "not examined", where nobody could look any more', async () => {
		const crashloop = await judgeRecording('pod-crashloop')
		const blind = compare(crashloop, judgeFiles({}))
		expect(sectionOf(blind, 'diagnoses').find(line => line.includes('pod-crashloop'))).toMatch(
			/^changed .*not examined$/,
		)
	})

	it('are settings, also those that are only masked differently', async () => {
		const config = 'files/etc/rancher/k3s/config.yaml'
		const before = await judgeRecording(healthy, { [config]: 'debug: true\ntoken: <redacted-aaaaaa>\n' })
		const after = await judgeRecording(healthy, {
			[config]: 'debug: false\nnode-name: other\ntoken: <redacted-bbbbbb>\n',
		})
		const lines = sectionOf(compare(before, after), 'configuration')
		expect(lines).toContain('changed debug: true|false')
		expect(lines).toContain('fresh node-name: |other')
		expect(lines.join()).not.toContain('token')
	})

	it('are certificates: renewed, by another authority, expired meanwhile', async () => {
		const lines = sectionOf(await diff(healthy, 'ca-expired'), 'certificates').join('\n')
		expect(lines).toMatch(/changed \S+client-admin\.crt: .*from another authority/)
		expect(lines).toMatch(/fresh names in \S+serving-kubelet\.crt/)
		const side = await judgeRecording(healthy)
		const [first] = side.evidence.certificates?.certificates ?? []
		const later: Side = {
			...side,
			report: { ...side.report, takenAt: new Date((first?.notAfter ?? 0) + 1000).toISOString() },
		}
		expect(sectionOf(compare(side, later), 'certificates')[0]).toMatch(/^changed .*valid\|expired/)
	})

	it('are no certificates that a silent port does not show', async () => {
		expect(sectionOf(await diff(healthy, 'sqlite-garbage'), 'certificates').join()).not.toContain('tls://')
	})

	it('are starts: each that came after, alike ones once', async () => {
		const lines = sectionOf(await diff(healthy, 'sqlite-garbage'), 'starts')
		expect(lines).toContain('changed restarts by systemd: 0|7')
		expect(lines.filter(line => line.includes('malformed'))).toHaveLength(1)
		expect(lines.join()).toMatch(/7 starts alike/)
	})

	it('are restarts of containers that are still there', async () => {
		const side = await judgeRecording('pod-crashloop')
		const pods = side.evidence.cluster?.pods?.map(pod => ({
			...pod,
			containers: pod.containers.map(each => ({
				...each,
				restarts: each.restarts + (pod.namespace === 'shop' ? 4 : 0),
			})),
		}))
		const cluster = side.evidence.cluster && { ...side.evidence.cluster, ...(pods && { pods }) }
		const later: Side = { ...side, evidence: { ...side.evidence, ...(cluster && { cluster }) } }
		const lines = sectionOf(compare(side, later), 'starts')
		expect(lines.join('\n')).toMatch(/^changed restarts of shop\/\S+: worker: 3\|7$/m)
		expect(lines.join()).not.toContain('kube-system')
	})

	it('is told as such when it is two nodes, or the wrong way round', async () => {
		expect((await diff(healthy, 'ca-expired')).notes.join()).toMatch(/two nodes: s1 and c1/)
		expect((await diff('sqlite-garbage', healthy)).notes.join()).toContain('A was taken after B')
	})

	it('stays text, whatever stands in it', () => {
		const { evidence, report } = judgeFiles({})
		for (const words of hostileWords) {
			const side: Side = { evidence, report: hostileReport(report, words) }
			const comparison = compare({ evidence, report }, side)
			expect(diffText(comparison, { width: 80, colour: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
			expect(JSON.parse(diffJson(comparison))).toMatchObject({ schema: 1 })
			const plain = diffMarkdown(comparison).replace(/<!-- -->/g, '')
			expect(plain.replace(/`+[^\n]*`+/g, '')).not.toMatch(/<[a-z!]/i)
		}
	})
})
