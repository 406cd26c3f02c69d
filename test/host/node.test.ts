import { describe, expect, it } from 'vitest'
import { findNode } from '../../src/host/node.js'
import { type Paper, paperHost } from './paper-host.js'

const systemd = { '/run/systemd/system/x': '' }
const units = '/etc/systemd/system'

/** A unit file as the installer writes it. */
function unit(exec: string): string {
	return `[Unit]\nDescription=Lightweight Kubernetes\n\n[Service]\nType=notify\nEnvironmentFile=-/etc/default/%N\nEnvironmentFile=-${units}/k3s.env\nExecStartPre=-/sbin/modprobe overlay\nExecStart=${exec}\n`
}

const server = '/usr/local/bin/k3s \\\n    server \\\n'
const agent = '/usr/local/bin/k3s \\\n    agent \\\n'

function find(paper: Paper, overrides = {}) {
	return findNode(paperHost(paper), overrides)
}

function onSystemd(files: Record<string, string>, commands: Record<string, string> = {}) {
	return { files: { ...systemd, ...files }, commands }
}

describe('an installed node', () => {
	it('is a server', async () => {
		const paper = onSystemd(
			{ [`${units}/k3s.service`]: unit(server) },
			{ '/usr/local/bin/k3s --version': 'k3s version v1.36.2+k3s1 (af977adf)\ngo version go1.26.1\n' },
		)
		expect(await find(paper)).toEqual({
			hostname: 'node-1',
			role: 'server',
			unit: 'k3s.service',
			units: ['k3s.service'],
			init: 'systemd',
			dataDir: '/var/lib/rancher/k3s',
			root: true,
			k3sVersion: 'v1.36.2+k3s1',
		})
	})

	it('is an agent', async () => {
		expect(await find(onSystemd({ [`${units}/k3s-agent.service`]: unit(agent) }))).toMatchObject({
			role: 'agent',
			unit: 'k3s-agent.service',
		})
	})

	it.each([
		['k3s-edge.service', `/opt/bin/k3s agent --server https://a:6443`, 'agent'],
		['kubernetes.service', `/usr/local/bin/k3s --debug server`, 'server'],
		['edge.service', `/bin/sh -c 'exec /usr/local/bin/k3s server >>/var/log/k3s.log'`, 'server'],
		['cluster.service', `-@/usr/bin/k3s k3s agent`, 'agent'],
	])('may call its service anything: %s', async (name, exec, role) => {
		const files = {
			[`${units}/${name}`]: unit(exec),
			[`${units}/ssh.service`]: unit('/usr/sbin/sshd -D'),
			[`${units}/k3s-backup.service`]: unit('/usr/local/bin/k3s etcd-snapshot save'),
		}
		expect(await find(onSystemd(files))).toMatchObject({ role, unit: name })
	})

	it('may be asked without root', async () => {
		const paper = { ...onSystemd({ [`${units}/k3s.service`]: unit(server) }), root: false }
		expect(await find(paper)).toMatchObject({ root: false, role: 'server' })
	})

	it('keeps its role when the unit cannot be read', async () => {
		const paper = {
			...onSystemd({ [`${units}/k3s-agent.service`]: '' }),
			denied: [`${units}/k3s-agent.service`],
		}
		expect(await find(paper)).toMatchObject({ unit: 'k3s-agent.service', role: 'agent' })
	})
})

describe('of several services', () => {
	const both = {
		[`${units}/k3s.service`]: unit(server),
		[`${units}/k3s-agent.service`]: unit(agent),
		[`${units}/k3s-edge.service`]: unit('/usr/local/bin/k3s agent -d /edge'),
	}
	const show = (states: Record<string, [active: string, file: string]>) =>
		Object.entries(states)
			.map(([id, [active, file]]) => `Id=${id}\nActiveState=${active}\nUnitFileState=${file}\n`)
			.join('\n')

	it('the active one counts', async () => {
		const states = show({
			'k3s.service': ['inactive', 'enabled'],
			'k3s-agent.service': ['failed', 'disabled'],
			'k3s-edge.service': ['activating', 'disabled'],
		})
		const node = await find(onSystemd(both, { 'systemctl show': states }))
		expect(node).toMatchObject({ unit: 'k3s-edge.service', role: 'agent', dataDir: '/edge' })
		expect(node.units).toHaveLength(3)
	})

	it('else the enabled one, else the failed one', async () => {
		const enabled = show({
			'k3s.service': ['inactive', 'disabled'],
			'k3s-agent.service': ['inactive', 'enabled'],
		})
		expect(await find(onSystemd(both, { 'systemctl show': enabled }))).toMatchObject({
			unit: 'k3s-agent.service',
		})
		const failed = show({
			'k3s.service': ['inactive', 'disabled'],
			'k3s-edge.service': ['failed', 'disabled'],
		})
		expect(await find(onSystemd(both, { 'systemctl show': failed }))).toMatchObject({
			unit: 'k3s-edge.service',
		})
	})

	it('a server that runs beside an agent', async () => {
		const states = show({ 'k3s.service': ['active', 'enabled'], 'k3s-agent.service': ['active', 'enabled'] })
		expect(await find(onSystemd(both, { 'systemctl show': states }))).toMatchObject({ unit: 'k3s.service' })
	})

	it('the enabled one by its link, when systemctl hangs', async () => {
		const wants = { [`${units}/multi-user.target.wants/k3s-agent.service`]: '' }
		const paper = onSystemd({ ...both, ...wants }, { systemctl: 'hangs', k3s: 'hangs' })
		const host = paperHost(paper)
		expect(await findNode(host)).toMatchObject({ unit: 'k3s-agent.service', role: 'agent' })
		for (const { options } of host.ran) expect(options.limitSeconds).toBeLessThan(1)
	})

	it('the one that the operator names', async () => {
		for (const name of ['k3s-edge', 'k3s-edge.service'])
			expect(await find(onSystemd(both), { unit: name })).toMatchObject({
				unit: 'k3s-edge.service',
				role: 'agent',
				dataDir: '/edge',
			})
		expect(await find(onSystemd(both), { unit: 'k3s.service', dataDir: '/mine/' })).toMatchObject({
			role: 'server',
			dataDir: '/mine',
		})
		expect(await find(onSystemd(both), { unit: 'foo' })).toMatchObject({ unit: 'foo.service' })
	})
})

describe('the data directory', () => {
	const config = '/etc/rancher/k3s/config.yaml'
	const withExec = (exec: string, files: Record<string, string> = {}) =>
		find(onSystemd({ [`${units}/k3s.service`]: unit(exec), ...files }))

	it.each([
		["/usr/local/bin/k3s \\\n    server \\\n\t'--data-dir' \\\n\t'/data/k3s' \\\n", '/data/k3s'],
		['/usr/local/bin/k3s server --data-dir=/data/k3s/', '/data/k3s'],
		['/usr/local/bin/k3s server -d "/data/k 3s"', '/data/k 3s'],
		['/usr/local/bin/k3s server --data-dir /first --data-dir /last', '/last'],
		['/usr/local/bin/k3s server $ARGS', '/from-args'],
		// biome-ignore lint/suspicious/noTemplateCurlyInString: systemd writes variables so too.
		['/usr/local/bin/k3s server --data-dir ${ROOT}/k3s', '/srv/k3s'],
		['/usr/local/bin/k3s server --data-dir', '/var/lib/rancher/k3s'],
		['/usr/local/bin/k3s server --data-dir ../../etc', '/var/lib/rancher/k3s'],
		['/usr/local/bin/k3s server --data-dir /a;reboot', '/var/lib/rancher/k3s'],
	])('stands on the command line: %s', async (exec, dataDir) => {
		const env = { [`${units}/k3s.env`]: "ARGS='--data-dir /from-args'\nexport ROOT=/srv\n" }
		expect(await withExec(exec, env)).toMatchObject({ dataDir })
	})

	it('stands in a drop-in, which replaces the command', async () => {
		const files = {
			[`${units}/k3s.service.d/10-data.conf`]:
				'[Service]\n# moved\nExecStart=\nExecStart=/usr/local/bin/k3s server --data-dir /moved\n',
			[`${units}/k3s.service.d/note.txt`]: '[Service]\nExecStart=/bin/false\n',
		}
		expect(await withExec(server, files)).toMatchObject({ dataDir: '/moved', role: 'server' })
	})

	it('stands in the environment', async () => {
		expect(await withExec(server, { '/etc/default/k3s': 'K3S_DATA_DIR="/env"\n' })).toMatchObject({
			dataDir: '/env',
		})
	})

	it.each([
		['data-dir: /conf\n', '/conf'],
		['token: x\ndata-dir: "/conf"  # moved\n', '/conf'],
		["\tbroken: [\ndata-dir: '/conf'\n", '/conf'],
		['# data-dir: /conf\nnested:\n  data-dir: /conf\n', '/var/lib/rancher/k3s'],
		['data-dir:\n', '/var/lib/rancher/k3s'],
	])('stands in the configuration: %j', async (text, dataDir) => {
		expect(await withExec(server, { [config]: text })).toMatchObject({ dataDir })
	})

	it('stands in a drop-in of the configuration, or in another file altogether', async () => {
		const files = {
			[config]: 'data-dir: /main\n',
			[`${config}.d/20.yaml`]: 'data-dir: /second\n',
			[`${config}.d/10.yml`]: 'data-dir: /first\n',
			[`${config}.d/30.yaml.bak`]: 'data-dir: /backup\n',
			'/etc/other.yaml': 'data-dir: /other\n',
		}
		expect(await withExec(server, files)).toMatchObject({ dataDir: '/second' })
		expect(await withExec('/usr/local/bin/k3s server -c /etc/other.yaml', files)).toMatchObject({
			dataDir: '/other',
		})
	})
})

describe('without systemd', () => {
	it('is found in the scripts of OpenRC', async () => {
		const script = (args: string) => `#!/sbin/openrc-run
depend() {
    after network-online
}
supervisor=supervise-daemon
name=k3s
command="/usr/local/bin/k3s"
command_args="${args} \\
    >>/var/log/k3s.log 2>&1"
pidfile="/var/run/k3s.pid"
`
		const paper = {
			files: {
				'/run/openrc/softlevel': '',
				'/etc/init.d/k3s': script("server \\\n\t'--data-dir' \\\n\t'/data' "),
				'/etc/init.d/k3s-agent': script('agent '),
				'/run/openrc/started/k3s-agent': '',
				'/etc/runlevels/default/k3s': '',
				'/etc/rancher/k3s/k3s-agent.env': "export K3S_DATA_DIR='/agent-data'\n",
			},
		}
		expect(await find(paper)).toMatchObject({
			init: 'openrc',
			unit: 'k3s-agent.service',
			role: 'agent',
			dataDir: '/agent-data',
		})
		expect(await find(paper, { unit: 'k3s' })).toMatchObject({ role: 'server', dataDir: '/data' })
	})

	it('is found as a running process', async () => {
		const paper = {
			files: {
				'/proc/1/cmdline': '/sbin/init\0',
				'/proc/77/cmdline': '/usr/local/bin/k3s server\0\0\0\0',
				'/proc/77/cgroup': '0::/docker/0123456789\n',
				'/proc/88/cmdline': '/usr/local/bin/k3s\0agent\0--data-dir\0/elsewhere\0',
				'/proc/88/cgroup': '0::/user.slice\n',
				'/proc/99/cmdline': 'less\0k3s\0server\0',
			},
		}
		expect(await find(paper)).toMatchObject({ init: 'none', role: 'agent', dataDir: '/elsewhere' })
	})

	it('is told by what it left behind', async () => {
		const dataDir = '/var/lib/rancher/k3s'
		expect(await find({ files: { [`${dataDir}/server/token`]: 'x' } })).toMatchObject({
			role: 'server',
			unit: 'k3s.service',
		})
		expect(await find({ files: { [`${dataDir}/agent/kubelet.kubeconfig`]: 'x' } })).toMatchObject({
			role: 'agent',
			unit: 'k3s-agent.service',
		})
	})

	it('is nobody', async () => {
		expect(await find({})).toEqual({
			hostname: 'node-1',
			role: 'unknown',
			unit: 'k3s.service',
			units: [],
			init: 'none',
			dataDir: '/var/lib/rancher/k3s',
			root: true,
		})
	})
})
