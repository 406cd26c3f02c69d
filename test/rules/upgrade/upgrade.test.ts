import { describe, expect, it } from 'vitest'
import { isOlder, minorsAhead } from '../../../rules/upgrade/versions.js'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import {
	crashing,
	error,
	fatalStart,
	goodStart,
	journalText,
	restarting,
	running,
	unitShow,
} from '../unit.js'

describe('versions', () => {
	it('are compared by their numbers, not as text', () => {
		expect(minorsAhead('v1.36.2+k3s1', 'v1.9.0+k3s1')).toBe(27)
		expect(minorsAhead('v1.36.2+k3s1', 'nonsense')).toBeUndefined()
		expect([isOlder('v1.9.9', 'v1.10.0'), isOlder('v1.10.0', 'v1.9.9'), isOlder('v1.2.3', 'v1.2.3')]).toEqual(
			[true, false, false],
		)
	})
})

describe('version-skew', () => {
	const server = (version: string) => (text: string) =>
		text.replace(/("serverVersion"[\s\S]*?"gitVersion": ")[^"]+/, `$1${version}`)

	it('fires on an agent that is newer, by other versions too', async () => {
		const examination = await judgeRecording('agent-healthy', { 'api/version.json': server('v1.35.4+k3s1') })
		expect(causesOf(examination)).toHaveProperty('version-skew', 'certain')
	})

	it('fires on an agent that is more than three minor versions older', async () => {
		expect(
			causesOf(await judgeRecording('agent-healthy', { 'api/version.json': server('v1.40.1+k3s1') })),
		).toHaveProperty('version-skew')
	})

	it('is silent on an agent that waits for its turn', async () => {
		expect(
			causesOf(await judgeRecording('agent-healthy', { 'api/version.json': server('v1.37.0+k3s1') })),
		).not.toHaveProperty('version-skew')
	})
})

describe('downgrade-unsupported', () => {
	it('fires when etcd refuses newer data', () => {
		expect(
			rootsOf(judgeFiles(crashing('Error: etcd: cannot downgrade storage, WAL contains newer entries')))[0],
		).toBe('downgrade-unsupported')
	})

	it('fires when an older minor fails where a newer one ran', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				...goodStart(0, 'v1.34.2+k3s1'),
				[8, 'systemd', 'Stopping %u - x...'],
				[9, 'systemd', 'Stopped %u - x.'],
				...fatalStart('Error: something odd', 20, 'v1.33.4+k3s1'),
			]),
		}
		expect(causesOf(judgeFiles(files))).toHaveProperty('downgrade-unsupported', 'likely')
	})

	it('is silent on an upgrade that fails', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				...goodStart(0, 'v1.33.4+k3s1'),
				[8, 'systemd', 'Stopping %u - x...'],
				[9, 'systemd', 'Stopped %u - x.'],
				...fatalStart('Error: something odd', 20, 'v1.34.2+k3s1'),
			]),
		}
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('downgrade-unsupported')
	})
})

describe('upgrade-incomplete', () => {
	it('fires when another version lies on disk than runs', () => {
		const { report } = judgeFiles(
			running({ 'commands/k3s-version.txt': 'k3s version v1.34.1+k3s1 (abc)\ngo version go1.24\n' }),
		)
		expect(report.diagnoses).toMatchObject([{ cause: 'upgrade-incomplete', confidence: 'certain' }])
	})

	it('is silent when they are the same', () => {
		expect(
			causesOf(judgeFiles(running({ 'commands/k3s-version.txt': 'k3s version v1.33.4+k3s1 (abc)\n' }))),
		).toEqual({})
	})
})

describe('removed-api', () => {
	const manifest = 'files/var/lib/rancher/k3s/server/manifests/edge.yaml'
	const failure = error(
		'Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/edge.yaml: no matches for kind "IngressRoute" in version "traefik.containo.us/v1alpha1"',
	)

	it('fires with the file, its line and what to use instead', () => {
		const examination = judgeFiles(
			running({ [manifest]: 'kind: IngressRoute\napiVersion: traefik.containo.us/v1alpha1\n' }, [
				[40, 'k3s', failure],
			]),
		)
		expect(rootsOf(examination)[0]).toBe('removed-api')
		expect(examination.report.diagnoses[0]?.findings.map(({ says }) => says).join()).toContain(
			'traefik.io/v1alpha1',
		)
	})

	it('is silent on a kind whose CRD is merely not installed', () => {
		const other = error(
			'Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/edge.yaml: no matches for kind "Certificate" in version "cert-manager.io/v1"',
		)
		expect(causesOf(judgeFiles(running({}, [[40, 'k3s', other]])))).not.toHaveProperty('removed-api')
	})

	it('is silent on a manifest that is broken otherwise', () => {
		const other = error(
			'Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/edge.yaml: yaml: line 5: mapping values are not allowed in this context',
		)
		expect(
			causesOf(judgeFiles(running({ [manifest]: 'apiVersion: v1\n' }, [[40, 'k3s', other]]))),
		).not.toHaveProperty('removed-api')
	})
})
