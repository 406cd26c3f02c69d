/**
 * Renders a recorded node as Rancher's logs-collector (2026) would have collected it: the same evidence, as far as the
 * collector takes it, in the forms in which its commands print it.
 */
import type { Bundle } from '../../../src/model/bundle.js'
import { addCrictl } from './crictl.js'
import { addFiles } from './files.js'
import { addHost } from './host.js'
import { addKubectl } from './kubectl.js'

export function apiIsUp({ files }: Bundle): boolean {
	return files.has('api/nodes.json')
}

/** Names and texts, below a top directory of the collector's kind. */
export function rancherShaped(bundle: Bundle): Map<string, string> {
	const made = new Map<string, string>()
	const takenAt = Date.parse(bundle.takenAt)
	const agent = bundle.node.role === 'agent'
	const up = apiIsUp(bundle)
	addHost(made, bundle, takenAt)
	addFiles(made, bundle, takenAt, up)
	addCrictl(made, bundle, takenAt)
	if (up) addKubectl(made, bundle.files, agent, takenAt)
	const stamp = bundle.takenAt.slice(0, 19).replace('T', ' ')
	const log = [
		'Detecting OS... debian 12',
		'Setting k8s distro as k3s',
		'Collecting system info',
		'Collecting k3s cluster logs',
		...(up ? [] : ['[!] Kube-apiserver is offline, collecting local pod logs only']),
		'Collecting k3s directory state',
	]
	made.set('collector-output.log', `${log.map(line => `${stamp}: ${line}`).join('\n')}\n`)
	made.set('versions', `${made.get('systeminfo/date')}${made.get('systeminfo/uname') ?? ''}`)
	const top = `${bundle.node.hostname}-${bundle.takenAt.slice(0, 19).replace('T', '_').replaceAll(':', '_')}`
	return new Map([...made].map(([name, text]) => [`./${top}/${name}`, text]))
}
