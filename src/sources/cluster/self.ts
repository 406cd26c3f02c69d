/** Under which name this host is, or would be, a node of the cluster. */
import { X509Certificate } from 'node:crypto'
import type { Bundle, NodeFacts } from '../../model/bundle.js'
import { answer, fileOf } from '../../model/bundle.js'
import type { KubeNode } from '../../model/evidence/index.js'

export function kubeletCertificate(node: NodeFacts): string {
	return `${node.dataDir}/agent/client-kubelet.crt`
}

/** The node name in the kubelet's client certificate: `CN=system:node:<name>`. */
export function certifiedName(pem: string | undefined): string | undefined {
	if (!pem) return undefined
	try {
		// The file holds a chain; the first one is the kubelet's own.
		return /^CN=system:node:(\S+)$/m.exec(new X509Certificate(pem).subject)?.[1]
	} catch {
		return undefined
	}
}

const inConfig = /^["']?node-name["']?[ \t]*:[ \t]*["']?([^\s"'#]+)/m
// In a unit file each argument may be quoted and stand on a continued line of its own.
const inArguments = /--node-name["']?(?:=|[\s\\]+)["']?([^\s"'\\]+)/
const inEnvironment = /^K3S_NODE_NAME=["']?([^\s"']+)/m

/** The name that is configured: the command line wins over files, a later file over an earlier, files over environment. */
function configuredName(bundle: Bundle): string | undefined {
	const unitFile = fileOf(`/etc/systemd/system/${bundle.node.unit}`)
	const unit = answer(bundle, 'commands/systemctl-cat.txt') ?? answer(bundle, unitFile)
	const argument = inArguments.exec(unit ?? '')?.[1]
	if (argument) return argument
	const base = fileOf('/etc/rancher/k3s/config.yaml')
	const later = [...bundle.files.keys()].filter(file => file.startsWith(`${base}.d/`)).sort()
	const files = [base, ...later].map(file => inConfig.exec(answer(bundle, file) ?? '')?.[1])
	return files.findLast(name => name) ?? inEnvironment.exec(answer(bundle, `${unitFile}.env`) ?? '')?.[1]
}

/**
 * The node object of this host: by the configured name, the host's own name, the name in the kubelet's
 * certificate, in this order. k3s writes names in lower case; `--with-node-id` appends a suffix, which only the
 * certificate and the annotation with the bare host name tell.
 */
export function selfAmong(nodes: readonly KubeNode[], bundle: Bundle): KubeNode | undefined {
	const certified = certifiedName(answer(bundle, fileOf(kubeletCertificate(bundle.node))))
	const hostnames = [answer(bundle, 'commands/hostname.txt')?.trim(), bundle.node.hostname]
	for (const candidate of [configuredName(bundle), ...hostnames, certified]) {
		const name = candidate?.toLowerCase()
		const found = name && nodes.find(node => node.name === name)
		if (found) return found
	}
	return nodes.find(node => hostnames.includes(node.annotations['k3s.io/hostname']))
}
