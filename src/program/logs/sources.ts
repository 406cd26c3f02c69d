/** The logs of this host, for the picker: units, kernel, files of k3s, containers. */
import { statSync } from 'node:fs'
import { bytes } from '../../app/format.js'
import { type LogSource, showAll } from '../../app/log/wishes.js'
import type { State } from '../../app/state.js'
import { localHost } from '../../host/local.js'
import type { LogHost } from './open-ref.js'
import { containerFolders, withRotated } from './places.js'

const limitSeconds = 5
const mostUnits = 300

export async function logSources({ mode, subject }: State, host: LogHost = {}): Promise<LogSource[]> {
	if (mode !== 'live') return []
	const node = subject?.bundle.node
	const own = node?.unit ?? 'k3s.service'
	const dataDir = node?.dataDir ?? '/var/lib/rancher/k3s'
	const units = await unitNames()
	const first = [own, ...units.filter(unit => /^(?:k3s|rke2)/.test(unit) && unit !== own)]
	const others = units.filter(unit => !first.includes(unit))
	return [
		...first.map(
			(unit): LogSource => ({ group: 'This host, as it is now', name: unit, ref: { kind: 'unit', unit } }),
		),
		{ group: 'This host, as it is now', name: 'kernel', ref: { kind: 'kernel' } },
		{
			group: 'This host, as it is now',
			name: 'etcd snapshots',
			ref: { kind: 'unit', unit: own },
			says: `lines of ${own} about them`,
			filter: { ...showAll, only: 'snapshot' },
		},
		...files(dataDir),
		...containers(host.podLogs),
		...others.map((unit): LogSource => ({ group: 'Other units', name: unit, ref: { kind: 'unit', unit } })),
	]
}

/** Units that systemd knows, then those that have only spoken: what is over and not enabled it forgets. */
async function unitNames(): Promise<string[]> {
	const ask = (...argv: [string, ...string[]]) => localHost().run(argv, { limitSeconds })
	const answers = await Promise.all([
		ask('systemctl', 'list-units', '--type=service', '--all', '--plain', '--no-legend', '--no-pager'),
		ask('journalctl', '--no-pager', '--quiet', '--field=_SYSTEMD_UNIT'),
	])
	const units = answers.flatMap((answer, index) => {
		if (!answer.ok) return []
		const names = answer.value.stdout.split('\n').map(line => line.trim().split(/\s+/)[0] ?? '')
		return index === 0 ? names : names.sort()
	})
	return [...new Set(units.filter(unit => /^[\w@:.\\-]+\.service$/.test(unit)))].slice(0, mostUnits)
}

function files(dataDir: string): LogSource[] {
	const paths = [
		`${dataDir}/agent/containerd/containerd.log`,
		`${dataDir}/agent/logs/kubelet.log`,
		`${dataDir}/server/logs/audit.log`,
		'/var/log/kubernetes/audit.log',
		'/var/log/k3s.log',
		'/var/log/k3s-service.log',
		'/var/log/syslog',
		'/var/log/messages',
	]
	return paths.flatMap((path): LogSource[] => {
		const size = sizeOf(path)
		if (size === undefined) return []
		const older = withRotated(path).length - 1
		const says = older > 0 ? `${bytes(size)}, ${older} rotated` : bytes(size)
		return [{ group: 'Files', name: path, ref: { kind: 'file', path }, says }]
	})
}

function sizeOf(path: string): number | undefined {
	try {
		const found = statSync(path)
		return found.isFile() ? found.size : undefined
	} catch {
		return undefined
	}
}

function containers(root?: string): LogSource[] {
	return containerFolders(root).flatMap(({ namespace, pod, uid, container, instances }): LogSource[] => {
		if (instances.length === 0) return []
		const [, ...earlier] = instances
		return [
			{
				group: 'Containers',
				name: `${namespace}/${pod}: ${container}`,
				ref: { kind: 'container', namespace, pod, uid, container },
				...(earlier.length > 0 && { says: 'p shows the instance before' }),
			},
		]
	})
}
