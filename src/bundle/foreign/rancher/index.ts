/**
 * Tarballs of Rancher's logs-collector for k3s.
 * https://github.com/rancherlabs/support-tools/tree/master/collection/rancher/v2.x/logs-collector
 */
import { addUnits, endOf, listedUnits, unitFileStates } from '../answers/systemd.js'
import { addCrictl } from '../crictl.js'
import { apiFiles, type Draft, draft } from '../draft.js'
import { addKubectl } from '../kubectl/tables.js'
import type { Foreign, Layout, Translated } from '../layout.js'
import { addFiles } from './files.js'
import { addHost } from './host.js'
import { addJournals, addPodLogs } from './logs.js'
import { nodeOf, ownUnits } from './node.js'
import { type Times, timesOf } from './times.js'

const name = "Rancher's logs-collector"

const folders = /^(?:systeminfo|networking|journald|systemlogs|k3s|etcd)\//
/** Large, packed, or of no use to any rule. */
const useless =
	/^systemlogs\/(?:atop-data|sa-data|sysstat-data|audit)\/|^networking\/(?:ssxapn|ssitan|netstatistics)$|^systeminfo\/(?:lsof|pidstatx|iostathx|packages-\w+)$|\.(?:gz|xz|zst|bz2)$/

const top = new Set(['collector-output.log', 'versions', 'summary.txt'])

const scripts = 'kube-apiserver is offline'

function addApi(into: Draft, folder: string, { kubectlAt }: Times): void {
	const dir = `${folder}/kubectl`
	addKubectl(into, {
		table: (...names) => names.map(each => into.take(`${dir}/${each}`)).find(Boolean),
		json: (...names) => names.map(each => into.take(`${dir}/${each}.json`)).find(Boolean),
		pods: into.below(`${dir}/poddescribe`).flatMap(file => into.take(file) ?? []),
		nodes: into.take(`${dir}/nodesdescribe`),
		at: kubectlAt,
	})
	const version = into.take(`${dir}/version`)
	const server = /^Server Version: (?:version\.Info\{.*GitVersion:"([^"]+)"|(v\S+))/m.exec(
		version?.text ?? '',
	)
	const told = server?.[1] ?? server?.[2]
	if (version && told)
		into.made('api/version.json', JSON.stringify({ serverVersion: { gitVersion: told } }), version.file)
	const log = into.take('collector-output.log')
	const offline = log?.text.split('\n').find(line => line.toLowerCase().includes(scripts))
	if (offline === undefined || !log) return
	// It is asked with `kubectl get --raw /readyz` or with `kubectl get nodes`: nothing answered within its time.
	for (const own of apiFiles) into.failed(own, log.file, offline)
}

const questions: readonly (readonly [own: string, detail: string])[] = [
	['api/readyz.txt', 'This collector does not ask the API for its health.'],
	['probes/ports.json', 'This collector connects to no port.'],
	['probes/http.json', 'This collector connects to no port.'],
	['probes/tls.json', 'This collector connects to no port.'],
	['commands/timedatectl.txt', 'This collector does not ask about time synchronisation.'],
	['api/storageclasses.json', 'This collector takes no storage classes.'],
]

function translate(foreign: Foreign): Translated | undefined {
	const into = draft(foreign.files)
	const folder = 'k3s'
	const times = timesOf(foreign, into)
	const distro = /Setting k8s distro as (rke2|rke)\b/.exec(into.take('collector-output.log')?.text ?? '')?.[1]
	if (distro) foreign.notes.say(`The tarball was taken as one of ${distro}, which k3s-doctor does not know.`)
	const units = listedUnits(into.take('systeminfo/systemd-units'))
	const states = unitFileStates(into.take('systeminfo/systemd-unit-files'))
	const node = nodeOf(into, ownUnits(units, states.keys()), folder)
	addJournals(into, node)
	addHost(into, times)
	addFiles(into, node, folder, times)
	const journal = into.files.get(`journal/${node.unit.replace(/\.service$/, '')}.log`)
	addUnits(into, units, states, node.unit, endOf(journal, node.unit))
	addCrictl(into, {
		info: into.take(`${folder}/crictl/info`),
		version: into.take(`${folder}/crictl/version`),
		ps: into.take(`${folder}/crictl/psa`),
		pods: into.take(`${folder}/crictl/pods`),
		images: into.take(`${folder}/crictl/images`),
		imagefs: into.take(`${folder}/crictl/imagefsinfo`),
		at: times.kubectlAt,
	})
	const log = into.take('collector-output.log')
	const offline = log?.text.split('\n').find(line => line.includes('Containerd is offline'))
	if (log && offline !== undefined)
		for (const name of ['info', 'ps', 'pods', 'images']) into.failed(`crictl/${name}.json`, log.file, offline)
	addApi(into, folder, times)
	addPodLogs(into, folder, times.takenAt)
	for (const [own, detail] of questions) into.lacks(own, detail)
	return { node, takenAt: times.takenAt, draft: into }
}

export const rancher: Layout = {
	name,
	marks: ['systeminfo'],
	wants: file => (folders.test(file) || top.has(file)) && !useless.test(file),
	fits(names) {
		const has = (start: string) => [...names].some(each => each.startsWith(start))
		const said = names.has('collector-output.log') || names.has('versions') || names.has('summary.txt')
		// The end of a cut-off archive is missing; then more than one of its folders tells.
		const count = ['systeminfo/', 'networking/', 'journald/', 'k3s/', 'systemlogs/'].filter(has).length
		return has('systeminfo/') && (said || count > 1)
	},
	translate,
}
