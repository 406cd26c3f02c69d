import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, event, lately } from '../cluster-text.js'
import { listed, listingEntry } from '../unit.js'

describe('manifest-deploy-failed', () => {
	const path = '/srv/k3s/server/manifests/site.yml'
	const failed = (reason: string, why: string, more = {}) =>
		event({
			kind: 'Addon',
			namespace: 'kube-system',
			name: 'site',
			reason,
			message: `${reason.replace(/Manifest.*/, '')} manifest at "${path}" failed: ${why}`,
			count: 7,
			...more,
		})

	it('fires on a file that does not parse, and shows its line', () => {
		const files = cluster(
			{ events: [failed('ParseManifestFailed', 'yaml: line 3: did not find expected key')] },
			{ [`files${path}`]: 'a: 1\nb: 2\n  c: oops\n' },
		)
		const examination = judgeFiles(files, { dataDir: '/srv/k3s' })
		expect(causesOf(examination)).toEqual({ 'manifest-deploy-failed': 'certain' })
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ quote }) => quote?.text)).toContain('  c: oops')
		expect(diagnosis?.remedies[1]?.steps).toEqual([{ move: path, to: `${path}.off` }])
	})

	it('fires on a file that the API server refuses', () => {
		const files = cluster({ events: [failed('ApplyManifestFailed', 'namespaces "web" not found')] })
		expect(causesOf(judgeFiles(files))).toEqual({ 'manifest-deploy-failed': 'certain' })
	})

	it('is told by the journal where events were not answered', () => {
		const line = `time="x" level=error msg="Failed to process config: failed to process ${path}: yaml: line 9: mapping values are not allowed in this context"`
		const { 'api/events.json': _events, ...files } = cluster({}, {}, [[lately, 'k3s', line]])
		expect(causesOf(judgeFiles(files))).toEqual({ 'manifest-deploy-failed': 'likely' })
	})

	it('is silent once the file was applied, and about writers that met', () => {
		const mended = [
			failed('ParseManifestFailed', 'yaml: line 3: x', { last: ago(200) }),
			event({
				kind: 'Addon',
				namespace: 'kube-system',
				name: 'site',
				reason: 'AppliedManifest',
				message: `Applied manifest at "${path}"`,
				last: ago(100),
			}),
		]
		expect(causesOf(judgeFiles(cluster({ events: mended })))).toEqual({})
		const listing = { 'commands/files.tsv': listed('/srv/k3s', { type: 'd' }) }
		const entry = { ...listingEntry, argv: ['find', '/srv/k3s', '-maxdepth', '5'] }
		const gone = cluster({ events: [failed('ParseManifestFailed', 'yaml: line 3: x')] }, listing)
		expect(causesOf(judgeFiles(gone, { dataDir: '/srv/k3s' }, [entry]))).not.toHaveProperty(
			'manifest-deploy-failed',
		)
		const race = failed(
			'ApplyManifestFailed',
			'Operation cannot be fulfilled on deployments.apps "x": the object has been modified; please apply your changes to the latest version and try again',
		)
		expect(causesOf(judgeFiles(cluster({ events: [race] })))).toEqual({})
	})
})
