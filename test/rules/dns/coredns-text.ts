/** The pod of CoreDNS as the API lists it: well, and going round in circles. */
import { ago, died, pod } from '../cluster-text.js'

/** The name of its pod. */
export const coredns = 'coredns-7f9c-abcde'
export const labels = { 'k8s-app': 'kube-dns' }

export const well = pod({ namespace: 'kube-system', name: coredns, labels, created: ago(3600) })
export const crashing = pod({
	namespace: 'kube-system',
	name: coredns,
	labels,
	phase: 'Running',
	containers: [
		{
			name: 'coredns',
			ready: false,
			restarts: 4,
			state: {
				waiting: { reason: 'CrashLoopBackOff', message: 'back-off 1m20s restarting failed container' },
			},
			last: died(1, 20),
		},
	],
})
