/** Small parts of raw answers. */
import type { HealthyFiles, Item } from '../node.js'

export function process(node: HealthyFiles, pid: number, user: string, args: string): void {
	node.append(
		'commands/ps.txt',
		`   ${pid}       1 ${user}     Ssl  Sat Nov 21 04:00:02 2026      3000  40112 1.4 ${args}\n`,
	)
}

/** Somebody listens on `address`. */
export function listens(
	node: HealthyFiles,
	address: string,
	program: string,
	pid: number,
	protocol = 'tcp',
): void {
	const state = protocol === 'udp' ? 'UNCONN' : 'LISTEN'
	node.append(
		'commands/ss-listening.txt',
		`${protocol} ${state} 0      511    ${address} 0.0.0.0:* users:(("${program}",pid=${pid},fd=6))\n`,
	)
}

/** A block of `systemctl show`, in place of one that says that the unit is not there. */
export function unit(node: HealthyFiles, id: string, values: Record<string, string>): void {
	const block = {
		Type: 'simple',
		Restart: 'no',
		MainPID: '0',
		Result: 'success',
		NRestarts: '0',
		Id: id,
		LoadState: 'loaded',
		ActiveState: 'inactive',
		SubState: 'dead',
		FragmentPath: `/usr/lib/systemd/system/${id}`,
		UnitFileState: 'disabled',
		...values,
	}
	const text = Object.entries(block)
		.map(([key, value]) => `${key}=${value}`)
		.join('\n')
	node.change('commands/systemctl-show.txt', all =>
		[
			...all
				.trimEnd()
				.split('\n\n')
				.filter(other => !other.includes(`\nId=${id}\n`)),
			text,
		]
			.join('\n\n')
			.concat('\n'),
	)
}

export const running = {
	ActiveState: 'active',
	SubState: 'running',
	UnitFileState: 'enabled',
	MainPID: '3101',
}
export const failed = {
	ActiveState: 'failed',
	SubState: 'failed',
	Result: 'exit-code',
	UnitFileState: 'enabled',
}

/** A file with the permission bits, as the listing of k3s's directories shows it. */
export function lists(
	node: HealthyFiles,
	path: string,
	{ type = 'f', mode = '644', size = 1200, at = '2026-11-20T10:00:00.0000000000', target = '' } = {},
): void {
	node.append('commands/files.tsv', `${type}\t${mode}\t0\t0\t${size}\t${at}\t${path}\t${target}\n`)
}

/** A pod of an application, on `on`, that is well; `status` says otherwise. */
export function podOf(
	node: HealthyFiles,
	name: string,
	on: string,
	status: Record<string, unknown> = {},
	spec: Record<string, unknown> = {},
	metadata: Record<string, unknown> = {},
): Item {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			namespace: 'shop',
			name,
			uid: `uid-${name}`,
			creationTimestamp: node.ago(200_000),
			labels: {},
			...metadata,
		},
		spec: { nodeName: on, containers: [{ name: 'main', image: 'shop/api:3', resources: {} }], ...spec },
		status: {
			phase: 'Running',
			conditions: [{ type: 'Ready', status: 'True' }],
			containerStatuses: [
				{
					name: 'main',
					image: 'shop/api:3',
					ready: true,
					restartCount: 0,
					state: { running: { startedAt: node.ago(190_000) } },
					lastState: {},
				},
			],
			...status,
		},
	}
}

export function eventOf(
	node: HealthyFiles,
	involved: { kind: string; namespace?: string; name: string },
	reason: string,
	message: string,
	secondsAgo: number,
	count = 1,
	type = 'Warning',
): Item {
	return {
		apiVersion: 'v1',
		kind: 'Event',
		metadata: { namespace: involved.namespace ?? 'default', name: `${involved.name}.${reason}${secondsAgo}` },
		involvedObject: involved,
		type,
		reason,
		message,
		count,
		firstTimestamp: node.ago(secondsAgo + 60),
		lastTimestamp: node.ago(secondsAgo),
		source: { component: 'kubelet', host: node.host },
	}
}
