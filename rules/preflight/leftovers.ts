import { check, type Evidence, fail, filesBelow, pass, presence, warn } from '../../src/check.js'
import { isSetUp } from './set-up.js'

const rivals =
	/^(?:rke2-(?:server|agent)|kubelet|snap\.microk8s\.daemon-[\w-]+|k0s(?:controller|worker))\.service$/

/** Programs of other distributions, by how they are started. */
const rivalProcess = /(?:^|\/)(?:kubelet|kube-apiserver|rke2|k0s|microk8s\S*)(?:\s|$)/

function runningRivals({ units, processes }: Evidence): string[] {
	const byUnit = (units?.all ?? [])
		.filter(({ id, activeState }) => rivals.test(id) && activeState !== 'inactive' && activeState !== '')
		.map(({ id }) => id)
	const byProcess = (processes ?? [])
		.filter(({ args }) => rivalProcess.test(args.split(' ')[0] ?? ''))
		.map(({ args, pid }) => `${(args.split(' ')[0] ?? '').slice(0, 80)} (pid ${pid})`)
	return byUnit.length > 0 ? byUnit : byProcess
}

/** Interfaces that a removed cluster left behind. */
const left = /^(?:cni0|flannel\.\d+|flannel-wg|kube-ipvs0|cali[0-9a-f]+|cilium_\w+|vxlan\.calico|weave)$/

export default check({
	id: 'leftovers',
	list: 'preflight',
	title: 'Nothing is left of another Kubernetes',
	explain:
		'Another Kubernetes on the same host takes ports, interfaces and packet filter rules. What a removed one left behind (a data directory with its token and certificates, CNI configuration, interfaces) is taken up by the new one and leads it astray.',
	docs: ['https://docs.k3s.io/installation/uninstall'],
	needs: ['network'],
	look: ({ network, node }, { more }) => {
		const { files, firewall } = more
		const running = runningRivals(more).map(name =>
			fail(`another Kubernetes runs here: ${name}`, {
				source: 'processes',
				do: [
					{
						tell: 'Take it off this host (kubeadm reset, rke2-uninstall.sh, snap remove microk8s), or take another host.',
					},
				],
			}),
		)
		// A k3s that is set up has all this rightly.
		if (isSetUp(more))
			return running.length > 0
				? running
				: pass('k3s is installed here already, and no other Kubernetes runs beside it')
		const remains: string[] = []
		if (files) {
			if (
				presence(files, `${node.dataDir}/server`) === 'present' ||
				presence(files, `${node.dataDir}/agent`) === 'present'
			)
				remains.push(`${node.dataDir} (datastore, certificates and token of an earlier k3s)`)
			if (presence(files, '/etc/rancher/node/password') === 'present')
				remains.push('/etc/rancher/node/password')
			const cni = filesBelow(files, '/etc/cni/net.d')
			if (cni.length > 0)
				remains.push(`/etc/cni/net.d (${cni.length === 1 ? '1 file' : `${cni.length} files`})`)
			if (filesBelow(files, '/var/lib/kubelet').length > 0) remains.push('/var/lib/kubelet')
		}
		const interfaces = network.interfaces.filter(({ name }) => left.test(name)).map(({ name }) => name)
		if (interfaces.length > 0) remains.push(`interfaces ${interfaces.slice(0, 6).join(', ')}`)
		const chains =
			firewall?.rules.filter(({ chain }) => /^(?:KUBE-|CNI-|FLANNEL-|cali-|CILIUM)/.test(chain)).length ?? 0
		if (chains > 0) remains.push(`${chains} packet filter rules of Kubernetes`)
		const seen = { source: 'files' as const }
		const clear = {
			tell: 'If it is not wanted any more (its data are lost for good): the uninstaller removes it, a reboot clears interfaces and rules.',
			commands: [
				'k3s-killall.sh',
				node.role === 'agent' ? 'k3s-agent-uninstall.sh' : 'k3s-uninstall.sh',
				'ls -la /etc/cni/net.d /var/lib/kubelet /etc/rancher',
			],
		}
		return [
			...running,
			remains.length > 0
				? warn(`left behind: ${remains.join('; ')}`, { ...seen, do: [clear] })
				: pass(files ? 'nothing of the kind' : 'no interface and no rule of one', seen),
		]
	},
})
