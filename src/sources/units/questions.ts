/** What is asked of the service manager. */
import type { NodeFacts } from '../../model/bundle.js'
import type { Ask, Want } from '../source.js'
import { rcStatusFile } from './rc-service.js'

const properties = [
	'Id',
	'LoadState',
	'ActiveState',
	'SubState',
	'Result',
	'UnitFileState',
	'FragmentPath',
	'DropInPaths',
	'MainPID',
	'ExecMainPID',
	'ExecMainCode',
	'ExecMainStatus',
	'ExecMainStartTimestamp',
	'ExecMainExitTimestamp',
	'NRestarts',
	'ActiveEnterTimestamp',
	'InactiveEnterTimestamp',
	'InvocationID',
	'MemoryCurrent',
	'TasksCurrent',
	'LimitNOFILE',
	'Type',
	'Restart',
	'EnvironmentFiles',
	'ExecStart',
].join(',')

/** k3s's own units, and services that are known to trouble it. */
const usual = [
	'k3s.service',
	'k3s-agent.service',
	'containerd.service',
	'docker.service',
	'firewalld.service',
	'ufw.service',
	'nm-cloud-setup.service',
	'NetworkManager.service',
	'systemd-timesyncd.service',
	'chrony.service',
	'chronyd.service',
	'ntp.service',
	'systemd-resolved.service',
	'multipathd.service',
	'etcd.service',
	'kubelet.service',
	'rke2-server.service',
	'rke2-agent.service',
]

export const unitDir = '/etc/systemd/system'

export function rcName(node: NodeFacts): string {
	return node.unit.replace(/\.service$/, '')
}

export function wants(node: NodeFacts): Want[] {
	if (node.init === 'openrc') return [{ file: rcStatusFile, askFor: `rc-service ${rcName(node)} status` }]
	if (node.init !== 'systemd') return []
	return [
		{ file: 'commands/systemctl-show.txt', askFor: `systemctl show ${node.unit}` },
		{ file: 'commands/systemctl-status.txt', askFor: `systemctl status ${node.unit}`, optional: true },
		{ file: 'commands/systemctl-cat.txt', askFor: `systemctl cat ${node.unit}`, optional: true },
		{ file: 'commands/systemctl-failed.txt', askFor: 'systemctl list-units --state=failed', optional: true },
	]
}

/** The unit file with its drop-ins, as `systemctl cat` prints them. */
export function askCat(ask: Ask): Promise<string | undefined> {
	return ask.run('commands/systemctl-cat.txt', ['systemctl', 'cat', '--no-pager', ask.node.unit])
}

async function askFiles(ask: Ask): Promise<void> {
	const path = `${unitDir}/${ask.node.unit}`
	const dropIns = (await ask.names(`${path}.d`)).filter(name => name.endsWith('.conf')).slice(0, 50)
	await Promise.all([ask.file(path), ...dropIns.map(name => ask.file(`${path}.d/${name}`))])
}

export async function collect(ask: Ask): Promise<void> {
	const { node } = ask
	if (node.init === 'openrc') {
		await Promise.all([
			ask.run(rcStatusFile, ['rc-service', rcName(node), 'status']),
			ask.file(`/etc/init.d/${rcName(node)}`),
		])
		return
	}
	if (node.init !== 'systemd') return
	const others = (await ask.names(unitDir)).filter(name => /^k3s[A-Za-z0-9_.-]{0,100}\.service$/.test(name))
	const units = [...new Set([node.unit, ...others.slice(0, 20), ...usual])]
	await Promise.all([
		ask.run('commands/systemctl-show.txt', ['systemctl', 'show', '--no-pager', '-p', properties, ...units]),
		ask.run('commands/systemctl-status.txt', [
			'systemctl',
			'status',
			'--no-pager',
			'--full',
			'--lines=10',
			node.unit,
		]),
		ask.run('commands/systemctl-failed.txt', [
			'systemctl',
			'list-units',
			'--state=failed',
			'--plain',
			'--no-legend',
			'--no-pager',
		]),
		askCat(ask),
		askFiles(ask),
	])
}
