import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, died, pod } from '../cluster-text.js'

describe('helm-job-failed', () => {
	const chart = (name: string, failed = false, source = 'https://charts.corp.example/grafana.tgz') => ({
		metadata: { namespace: 'kube-system', name, creationTimestamp: ago(400) },
		spec: { chart: source },
		status: {
			jobName: `helm-install-${name}`,
			conditions: [{ type: 'Failed', status: failed ? 'True' : 'False', reason: 'x', message: 'job failed' }],
		},
	})
	const job = (state: Record<string, unknown>, more = {}) =>
		pod({
			namespace: 'kube-system',
			name: 'helm-install-grafana-x1',
			labels: { 'helmcharts.helm.cattle.io/chart': 'grafana' },
			containers: [{ name: 'helm', image: 'rancher/klipper-helm:v0.9.8', state, ...more }],
		})

	it('fires on a helm that fails again and again, with its words', () => {
		const log = {
			'files/var/log/pods/kube-system_helm-install-grafana-x1_uid-helm-install-grafana-x1/helm/4.log': `${ago(31)} stdout F + helm_v3 install\n${ago(30)} stderr F Error: INSTALLATION FAILED: failed to download "https://charts.corp.example/grafana.tgz"\n`,
		}
		const files = cluster(
			{
				helmcharts: [chart('grafana')],
				pods: [
					job({ waiting: { reason: 'CrashLoopBackOff', message: 'x' } }, { restarts: 4, last: died(1, 30) }),
				],
			},
			log,
		)
		const examination = judgeFiles(files)
		expect(causesOf(examination)).toEqual({ 'helm-job-failed': 'certain' })
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.some(({ says }) => says.includes('INSTALLATION FAILED'))).toBe(true)
		expect(diagnosis?.remedies[1]?.steps).toEqual([
			{ kube: { delete: { kind: 'job', namespace: 'kube-system', name: 'helm-install-grafana' } } },
		])
	})

	it('fires on a chart that helm-controller gave up', () => {
		expect(causesOf(judgeFiles(cluster({ helmcharts: [chart('grafana', true)] })))).toEqual({
			'helm-job-failed': 'certain',
		})
	})

	it('is silent about jobs that are done, and about one that has only begun', () => {
		const done = pod({
			namespace: 'kube-system',
			name: 'helm-install-traefik-a',
			phase: 'Succeeded',
			containers: [{ restarts: 1, state: died(0, 60, 'Completed'), last: died(1, 90) }],
		})
		const begun = job({ waiting: { reason: 'ContainerCreating' } })
		expect(causesOf(judgeFiles(cluster({ helmcharts: [chart('traefik')], pods: [done, begun] })))).toEqual({})
		const former = pod({
			namespace: 'kube-system',
			name: 'helm-install-loki-a',
			phase: 'Failed',
			owner: { kind: 'Job', name: 'helm-install-loki' },
			containers: [{ restarts: 3, state: died(1, 300) }],
		})
		const over = {
			metadata: { namespace: 'kube-system', name: 'helm-install-loki' },
			spec: { completions: 1 },
			status: { succeeded: 1 },
		}
		expect(causesOf(judgeFiles(cluster({ pods: [former], jobs: [over] })))).toEqual({})
	})

	it('sees past the names of the recording', async () => {
		const rename = (text: string) =>
			text.replaceAll('grafana', 'loki-stack').replaceAll('klipper-helm:latest', 'klipper-helm:v0.11.1')
		const examination = await judgeRecording('helm-no-image', {
			'api/pods.json': rename,
			'api/events.json': rename,
			'api/helmcharts.json': rename,
			'api/jobs.json': rename,
			'journal/k3s.log': rename,
		})
		expect(rootsOf(examination)).toEqual(['helm-job-failed'])
	})
})
