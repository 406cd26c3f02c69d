import { check, configValues, fail, pass, unseen, warn } from '../../src/check.js'
import { byArea } from './areas.js'
import { isReady, systemPods } from './system-pods.js'
import { isYoung } from './young.js'

export default check({
	id: 'cluster-dns',
	list: 'verify',
	title: 'Names resolve inside the cluster',
	appliesTo: ['server'],
	explain:
		'CoreDNS answers for services by their names. Without it applications find neither each other nor the outside.',
	docs: ['https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/'],
	needs: ['service'],
	look: (_have, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'dns')
		if (configValues(more.config, 'disable').some(value => value.split(',').includes('coredns')))
			return { because: 'coredns is disabled' }
		const pods = systemPods(more)?.filter(
			({ labels, name }) => labels['k8s-app'] === 'kube-dns' || name.startsWith('coredns-'),
		)
		const service = more.cluster?.services?.find(
			({ namespace, name }) => namespace === 'kube-system' && name === 'kube-dns',
		)
		const test = [
			'k3s kubectl run -it --rm --restart=Never --image=busybox:1.36 dns-trial -- nslookup kubernetes.default',
		]
		if (!pods)
			return found.length > 0 ? found : unseen('the pods of CoreDNS could not be listed from here', test)
		const seen = {
			source: 'cluster' as const,
			do: [{ tell: 'See why:', commands: ['k3s kubectl -n kube-system logs -l k8s-app=kube-dns --tail 50'] }],
		}
		const live = pods.filter(({ deletedAt }) => deletedAt === undefined)
		const broken = isYoung(more) ? warn : fail
		if (!live.some(isReady))
			return [...found, broken(live.length === 0 ? 'no CoreDNS runs' : 'no pod of CoreDNS is ready', seen)]
		if (service?.endpoints && service.endpoints.ready.length === 0)
			return [...found, broken('the service kube-dns has no endpoint that is ready', seen)]
		if (found.length > 0) return found
		if (more.cluster?.services && !service) return warn('there is no service kube-dns', seen)
		const ready = `CoreDNS is ready${service ? `, service ${service.clusterIp}` : ''}`
		const asked = more.verify?.dns
		if (!asked) return pass(`${ready}; no name was tried`, { source: 'cluster' })
		const quote = { file: 'verify/dns.json', line: 1, text: asked.name }
		if (asked.addresses.length > 0)
			return pass(`${ready}; it knows ${asked.name} (${asked.addresses[0]}, in ${asked.ms} ms)`, {
				source: 'verify',
				quote,
			})
		// Some CNIs do not let the host itself reach services.
		return warn(
			`${ready}, but asked from this node for ${asked.name} it gives no answer (${asked.error ?? 'no address'})`,
			{
				source: 'verify',
				quote,
				do: [{ tell: 'Ask from a pod:', commands: test }],
			},
		)
	},
})
