/** Messages that stand in the API: pods that wait, events, conditions, and what containers of the cluster say. */
import { ago, died, event, node, pod } from '../rules/cluster-text.js'
import type { Row } from './rows.js'
import { apiScene, type Scene } from './scene.js'

const parts = (row: Row): [string, string, string] => {
	const [first = '', second = '', ...rest] = row.text.split('|')
	return [first, second, rest.join('|')]
}

const image = 'harbor.example/shop/api:2.1'

function sandbox(row: Row): Scene[] {
	const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = ${row.text}`
	const waiting = pod({
		created: ago(400),
		containers: [{ image, state: { waiting: { reason: 'ContainerCreating' } } }],
	})
	return [
		apiScene(row.role, {
			pods: [waiting],
			events: [
				event({ reason: 'FailedCreatePodSandBox', message, count: 14, first: ago(390), last: ago(12) }),
			],
		}),
	]
}

function waitingPod(row: Row): Scene[] {
	const [reason, message] = parts(row)
	const waiting = pod({
		created: ago(400),
		containers: [
			{ image, restarts: reason === 'RunContainerError' ? 4 : 0, state: { waiting: { reason, message } } },
		],
	})
	const failed = event({ reason: 'Failed', message: `Error: ${message}`, count: 5, last: ago(25) })
	return [apiScene(row.role, { pods: [waiting], events: [failed] })]
}

function helmJob(row: Row): Scene[] {
	const name = 'helm-install-traefik-x1'
	const log = `files/var/log/pods/kube-system_${name}_uid-${name}/helm/4.log`
	const helm = pod({
		namespace: 'kube-system',
		name,
		created: ago(500),
		labels: { 'helmcharts.helm.cattle.io/chart': 'traefik' },
		containers: [
			{
				name: 'helm',
				image: 'rancher/klipper-helm:v0.9.8',
				restarts: 5,
				state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s' } },
				last: died(1, 30),
			},
		],
	})
	const chart = {
		metadata: { namespace: 'kube-system', name: 'traefik', creationTimestamp: ago(500) },
		spec: { chart: 'https://%{KUBERNETES_API}%/static/charts/traefik-39.0.1.tgz' },
		status: { jobName: 'helm-install-traefik' },
	}
	return [
		apiScene(row.role, { pods: [helm], helmcharts: [chart] }, { [log]: `${ago(30)} stderr F ${row.text}\n` }),
	]
}

/** A pod of kube-system that is up and says this twice a minute. */
function podLog(row: Row): Scene[] {
	const [app] = parts(row)
	const line = row.text.slice(app.length + 1)
	const name = `${app}-7f9c8d-x2x4z`
	const fatal = line.startsWith('[FATAL]')
	const said = [300, 270, 240, 210, 180, 150, 120, 90, 60, 30]
		.map(seconds => `${ago(seconds)} stdout F ${line}\n`)
		.join('')
	const own = pod({
		namespace: 'kube-system',
		name,
		created: ago(540),
		labels: { 'k8s-app': app === 'coredns' ? 'kube-dns' : app },
		phase: 'Running',
		containers: [
			fatal
				? {
						name: app,
						ready: false,
						restarts: 5,
						state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s' } },
						last: died(1, 30),
					}
				: { name: app, ready: false, state: { running: { startedAt: ago(530) } } },
		],
	})
	return [
		apiScene(
			row.role,
			{ pods: [own] },
			{ [`files/var/log/pods/kube-system_${name}_uid-${name}/${app}/${fatal ? 5 : 0}.log`]: said },
		),
	]
}

function bareEvent(row: Row): Scene[] {
	const [kind, reason, message] = parts(row)
	const involved = kind === 'Node' ? { kind, namespace: 'default', name: 'node-1' } : { kind }
	const stuck = pod({
		created: ago(400),
		phase: reason === 'Unhealthy' ? 'Running' : reason === 'Evicted' ? 'Failed' : 'Pending',
		containers: [
			reason === 'Unhealthy'
				? { ready: false, state: { running: { startedAt: ago(390) } } }
				: { state: { waiting: { reason: 'ContainerCreating' } } },
		],
	})
	const claim = {
		metadata: { namespace: 'shop', name: 'api-1', creationTimestamp: ago(400) },
		spec: { storageClassName: 'local-path', accessModes: ['ReadWriteOnce'] },
		status: { phase: 'Pending' },
	}
	return [
		apiScene(row.role, {
			pods: kind === 'Pod' ? [stuck] : [],
			...(kind === 'PersistentVolumeClaim' && { persistentvolumeclaims: [claim] }),
			events: [event({ ...involved, reason, message, count: 12, first: ago(380), last: ago(20) })],
		}),
	]
}

function condition(row: Row): Scene[] {
	const [type, reason, message] = parts(row)
	const own = node()
	const status = own.status as { conditions: unknown[] }
	status.conditions.push({ type, status: 'True', reason, message, lastTransitionTime: ago(300) })
	return [apiScene(row.role, { nodes: [own] })]
}

function unschedulable(row: Row): Scene[] {
	const homeless = pod({ on: '', created: ago(400), unschedulable: row.text })
	const failed = event({ reason: 'FailedScheduling', message: row.text, count: 6, last: ago(30) })
	return [apiScene(row.role, { pods: [homeless], events: [failed] })]
}

export const clusterScenes: Record<string, (row: Row) => Scene[]> = {
	sandbox,
	pod: waitingPod,
	helm: helmJob,
	podlog: podLog,
	event: bareEvent,
	condition,
	unschedulable,
}
