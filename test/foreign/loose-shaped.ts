/** A recorded node's answers as loose files, as sos keeps them, and as Replicated's collector does. */
import type { Bundle } from '../../src/model/bundle.js'
import { rancherShaped } from './rancher-shaped/index.js'

type Files = Map<string, string>

const below = (shaped: Files) =>
	new Map([...shaped].map(([name, text]) => [name.replace(/^\.\/[^/]+\//, ''), text]))

/** What somebody saved by hand, under names that say little. */
export function looseShaped(bundle: Bundle): Files {
	const { files } = bundle
	const printed = below(rancherShaped(bundle))
	const made: Files = new Map()
	const put = (name: string, text: string | undefined) => {
		if (text?.trim()) made.set(name, text)
	}
	put('out1.txt', files.get(`journal/${bundle.node.unit.replace(/\.service$/, '')}.log`))
	put('status.txt', files.get('commands/systemctl-status.txt'))
	put('cat.txt', files.get('commands/systemctl-cat.txt'))
	put('a.json', files.get('api/pods.json'))
	put('nodes', files.get('api/nodes.json'))
	put('events.txt', printed.get('k3s/kubectl/events'))
	put('svc.txt', printed.get('k3s/kubectl/services'))
	put('ps.json', files.get('crictl/ps.json'))
	put('crictl pods.txt', printed.get('k3s/crictl/pods'))
	put('images.json', files.get('crictl/images.json'))
	put('sub/df.txt', printed.get('systeminfo/dfh'))
	put('sub/df2.txt', printed.get('systeminfo/dfi'))
	put('sub/ss.txt', printed.get('networking/ss4apn'))
	put('sub/addr.txt', printed.get('networking/ipaddrshow'))
	put('sub/routes.txt', printed.get('networking/iproute'))
	put('sub/iptables.txt', printed.get('networking/iptablessave'))
	put('sub/mem.txt', printed.get('systeminfo/freeh'))
	put('sub/proc.txt', printed.get('systeminfo/ps'))
	put('sub/mount.txt', printed.get('systeminfo/mount'))
	put('hostname.txt', files.get('commands/hostname.txt'))
	put('date.txt', printed.get('systeminfo/date'))
	put('notes.md', 'It broke on Friday.\n')
	return made
}

export function sosShaped(bundle: Bundle): Files {
	const { files } = bundle
	const printed = below(rancherShaped(bundle))
	const top = `sosreport-${bundle.node.hostname}-2026-11-21-abcdefg`
	const made: Files = new Map()
	const put = (name: string, text: string | undefined) => {
		if (text?.trim()) made.set(`${top}/${name}`, text)
	}
	const own = files.get(`journal/${bundle.node.unit.replace(/\.service$/, '')}.log`) ?? ''
	const short = own
		.split('\n')
		.map(line => line.replace(/^2026-11-(\d\d)T(\d\d:\d\d:\d\d)\.\d+\+0000 /, 'Nov $1 $2 '))
		.join('\n')
	put(
		'sos_commands/logs/journalctl_--no-pager_--boot',
		`Nov 21 04:00:00 ${bundle.node.hostname} CRON[1]: (root) CMD (true)\n${short}`,
	)
	put('sos_commands/systemd/systemctl_list-units', printed.get('systeminfo/systemd-units'))
	put('sos_commands/systemd/systemctl_list-unit-files', printed.get('systeminfo/systemd-unit-files'))
	put('sos_commands/systemd/systemctl_status_--all', files.get('commands/systemctl-status.txt'))
	put('sos_commands/networking/ip_route_show_table_all', printed.get('networking/iproute'))
	put('sos_commands/networking/ss_-peaonmi', printed.get('networking/ss4apn'))
	put('sos_commands/filesys/df_-ali_-x_autofs', printed.get('systeminfo/dfi'))
	put('ip_addr', printed.get('networking/ipaddrshow'))
	for (const name of ['hostname', 'uname', 'uptime', 'date', 'mount', 'ps'])
		put(name, printed.get(`systeminfo/${name}`))
	put('df', printed.get('systeminfo/dfh'))
	for (const [file, text] of files)
		if (/^files\/(?:etc|proc)\//.test(file)) put(file.slice('files/'.length), text)
	return made
}

export function replicatedShaped(bundle: Bundle): Files {
	const { files } = bundle
	const top = `support-bundle-${bundle.takenAt.slice(0, 19).replaceAll(':', '_')}`
	const made: Files = new Map([
		[`${top}/version.yaml`, 'apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\n'],
	])
	const whole: Record<string, string> = {
		nodes: 'nodes',
		namespaces: 'namespaces',
		'storage-classes': 'storageclasses',
		pvs: 'persistentvolumes',
	}
	for (const [name, list] of Object.entries(whole)) {
		const text = files.get(`api/${list}.json`)
		if (text) made.set(`${top}/cluster-resources/${name}.json`, text)
	}
	const parts: Record<string, string> = {
		pods: 'pods',
		events: 'events',
		services: 'services',
		deployments: 'deployments',
		replicasets: 'replicasets',
		pvcs: 'persistentvolumeclaims',
		endpointslices: 'endpointslices',
		jobs: 'jobs',
	}
	for (const [name, list] of Object.entries(parts)) {
		const { items } = JSON.parse(files.get(`api/${list}.json`) ?? '{"items":[]}') as {
			items: { metadata: { namespace: string } }[]
		}
		for (const namespace of new Set(items.map(({ metadata }) => metadata.namespace))) {
			const inside = items.filter(({ metadata }) => metadata.namespace === namespace)
			made.set(
				`${top}/cluster-resources/${name}/${namespace}.json`,
				JSON.stringify({ kind: 'List', items: inside }),
			)
		}
	}
	const own = files.get('journal/k3s.log')
	if (own) made.set(`${top}/host-collectors/journald/k3s.txt`, own)
	made.set(`${top}/host-collectors/journald/k3s-info.json`, '{"command":"journalctl","exitCode":"0"}')
	made.set(`${top}/host-collectors/run-host/df.txt`, below(rancherShaped(bundle)).get('systeminfo/dfh') ?? '')
	return made
}
