/** Parts of the cluster and pods that somebody changed, on a server that runs well: what the API lists shows it. */
import { condition } from '../scenes/nodes.js'
import { missingEndpoints } from '../scenes/objects.js'
import {
	application,
	changePod,
	container,
	crashing,
	findsNoNode,
	notReady,
	podSays,
	scaledToNothing,
	waiting,
} from '../scenes/pods.js'
import { server } from '../scenes/recorded.js'
import type { Variant } from './case.js'

export const cluster: readonly Variant[] = [
	{
		name: 'the CNI configuration was deleted',
		cause: 'cni-not-ready',
		make: server(node => {
			node.change('commands/files.tsv', text => text.replaceAll(/^.*10-flannel\.conflist.*\n/gm, ''))
			for (const name of node.names()) if (name.endsWith('10-flannel.conflist')) node.remove(name)
			node.change('crictl/info.json', text =>
				text
					.replace(
						/(?<="type": ?"NetworkReady",\s*"status": ?)true|(?<="status": ?)true(?=,\s*"type": ?"NetworkReady")/,
						'false',
					)
					.replace(
						/"lastCNILoadStatus(?<more>\.?[\w]*)": ?"OK"/g,
						'"lastCNILoadStatus$<more>": "cni config load failed: no network config found in /var/lib/rancher/k3s/agent/etc/cni/net.d: cni plugin not initialized: failed to load cni config"',
					),
			)
			condition(node, 'Ready', {
				status: 'False',
				reason: 'KubeletNotReady',
				lastTransitionTime: node.ago(500),
				message:
					'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
			})
		}),
	},
	{
		name: 'CoreDNS was scaled to nothing',
		cause: 'coredns-down',
		make: server(node => scaledToNothing(node, 'coredns')),
	},
	{
		name: 'a policy that denies everything in the namespace of the application',
		cause: 'netpol-blocks',
		make: server(node => {
			node.add('networkpolicies', {
				metadata: { name: 'deny-all', namespace: 'shop', creationTimestamp: node.ago(2000) },
				spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
			})
			podSays(
				node,
				'shop_web',
				'cannot reach db: lookup db.shop.svc.cluster.local on 10.43.0.10:53: read udp 10.42.0.3:40000->10.43.0.10:53: i/o timeout',
			)
		}),
	},
	{
		name: 'metrics-server was scaled to nothing',
		cause: 'metrics-server-down',
		also: ['apiservice-unavailable'],
		make: server(node => {
			scaledToNothing(node, 'metrics-server')
			node.update(
				'apiservices',
				item => ({
					...item,
					status: missingEndpoints(node, 'metrics-server in "kube-system"', 'https', 900),
				}),
				({ metadata }) => metadata.name === 'v1beta1.metrics.k8s.io',
			)
		}),
	},
	{
		name: 'an application that runs into its memory limit through its liveness probe',
		cause: 'pod-oomkilled',
		make: server(node => {
			const again = crashing(node, 'back-off 2m40s restarting failed container=web', {
				exitCode: 137,
				reason: 'OOMKilled',
				restarts: 7,
				ran: [70, 60],
			})
			application(node, again, { phase: 'Running', age: 4000 })
		}),
	},
	{
		name: 'an init container that cannot do its work',
		cause: 'pod-crashloop',
		make: server(node => {
			const image = 'docker.io/library/shop:1.2.0'
			const again = crashing(node, 'back-off 5m0s restarting failed container=migrate', {
				restarts: 8,
				ran: [70, 60],
			})
			changePod(node, pod => ({
				metadata: { ...pod.metadata, creationTimestamp: node.ago(4000) },
				spec: { ...pod.spec, initContainers: [{ name: 'migrate', image }] },
				status: {
					phase: 'Pending',
					conditions: notReady,
					initContainerStatuses: [container('migrate', image, again)],
					containerStatuses: [container('web', image, waiting('PodInitializing'))],
				},
			}))
		}),
	},
	{
		name: 'two classes of pods want a volume of another node',
		cause: 'pod-unschedulable',
		also: ['hostname-changed', 'pvc-pending'],
		make: server(node =>
			findsNoNode(
				node,
				"0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
				700,
			),
		),
	},
	{
		name: 'a chart that cannot be fetched',
		cause: 'helm-job-failed',
		make: server(node => {
			node.add('helmcharts', {
				metadata: { namespace: 'kube-system', name: 'redis', creationTimestamp: node.ago(900) },
				spec: { chart: 'redis', repo: 'https://charts.lan' },
				status: { jobName: 'helm-install-redis' },
			})
			const helm = { name: 'helm', image: 'rancher/klipper-helm:v0.9.14' }
			const again = crashing(node, 'back-off 5m0s', { restarts: 6, ran: [80, 70] })
			node.add('pods', {
				metadata: {
					namespace: 'kube-system',
					name: 'helm-install-redis-abcde',
					uid: 'u-redis',
					creationTimestamp: node.ago(890),
					labels: { 'helmcharts.helm.cattle.io/chart': 'redis' },
				},
				spec: { nodeName: node.host, containers: [helm] },
				status: {
					phase: 'Running',
					conditions: notReady,
					containerStatuses: [container(helm.name, helm.image, again)],
				},
			})
			node.put(
				'files/var/log/pods/kube-system_helm-install-redis-abcde_u-redis/helm/6.log',
				`${node.ago(71)} stderr F Error: INSTALLATION FAILED: looks like "https://charts.lan" is not a valid chart repository or cannot be reached: Get "https://charts.lan/index.yaml": dial tcp: lookup charts.lan on 10.43.0.10:53: no such host\n`,
			)
		}),
	},
]
