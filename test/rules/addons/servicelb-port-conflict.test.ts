import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster, pod } from '../cluster-text.js'

describe('servicelb-port-conflict', () => {
	const service = (name: string, port: number, address?: string) => ({
		metadata: { namespace: 'shop', name },
		spec: { type: 'LoadBalancer', ports: [{ port, protocol: 'TCP' }] },
		status: { loadBalancer: address ? { ingress: [{ ip: address }] } : {} },
	})

	it('fires when the pod of a load balancer finds no free port', () => {
		const svclb = pod({
			namespace: 'kube-system',
			name: 'svclb-web-1234-x',
			on: '',
			unschedulable:
				"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: none",
		})
		const files = cluster({
			pods: [svclb],
			services: [service('web', 443), service('other', 443, '10.0.0.1')],
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['servicelb-port-conflict'])
		expect(examination.report.diagnoses[0]?.findings).toHaveLength(2)
	})

	it('is silent about services that share a port on another load balancer', () => {
		expect(
			causesOf(
				judgeFiles(cluster({ services: [service('a', 443, '10.0.0.1'), service('b', 443, '10.0.0.2')] })),
			),
		).toEqual({})
	})
})
