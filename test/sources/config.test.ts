import { describe, expect, it } from 'vitest'
import type { NodeFacts } from '../../src/model/bundle.js'
import { config } from '../../src/sources/config.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'
import { fakeAsk } from './fake-ask.js'

const main = 'files/etc/rancher/k3s/config.yaml'

function read(files: Record<string, string>, node: Partial<NodeFacts> = {}) {
	return config.parse(bundleOf(files, node))
}

function values(files: Record<string, string>, node: Partial<NodeFacts> = {}) {
	return Object.fromEntries(
		[...(read(files, node)?.values ?? [])].map(([flag, { values }]) => [flag, values]),
	)
}

/** A unit whose ExecStart has these lines after `k3s server`. */
const unit = (...args: string[]) =>
	`# /etc/systemd/system/k3s.service\n[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n${args
		.map(arg => `\t'${arg}' \\\n`)
		.join('')}\n`

describe('config.yaml', () => {
	it('gives flags with their values and lines', () => {
		const evidence = read({
			[main]:
				'# a node\nwrite-kubeconfig-mode: "0640"\ntls-san:\n  - k3s.lab.example\n  - 10.1.2.3\ncluster-init: true\n',
		})
		expect(evidence?.values.get('tls-san')).toEqual({
			values: ['k3s.lab.example', '10.1.2.3'],
			origin: { kind: 'file', file: '/etc/rancher/k3s/config.yaml', line: 3 },
		})
		expect(evidence?.values.get('write-kubeconfig-mode')?.values).toEqual(['0640'])
		expect(evidence?.values.get('cluster-init')?.values).toEqual(['true'])
		expect(evidence?.problems).toEqual([])
	})

	it('reads values as k3s does: YAML 1.1 switches, numbers as written, nothing as an empty value', () => {
		expect(
			values({
				[main]: 'debug: yes\nselinux: Off\nhttps-listen-port: 06443\nserver:\ndisable: []\nt: x\nd: /data\n',
			}),
		).toEqual({
			debug: ['true'],
			selinux: ['false'],
			'https-listen-port': ['06443'],
			server: [''],
			token: ['<redacted>'],
			'data-dir': ['/data'],
		})
	})

	it('merges drop-ins by name: later ones replace, `+` appends, other suffixes are ignored', () => {
		const dir = 'files/etc/rancher/k3s/config.yaml.d'
		const evidence = read({
			[`${dir}/20-b.YML`]: 'node-label+:\n  - c=3\ntls-san+: two\n',
			[`${dir}/10-a.yaml`]: 'node-taint:\n  - x=y:NoSchedule\ntls-san: one\n',
			[`${dir}/99.yaml.bak`]: 'node-taint: []\n',
			[`${dir}/sub/30.yaml`]: 'debug: true\n',
			[main]: 'node-label:\n  - a=1\n  - b=2\nnode-taint: [old=1:NoExecute]\n',
		})
		expect(evidence?.files).toEqual([
			'/etc/rancher/k3s/config.yaml',
			'/etc/rancher/k3s/config.yaml.d/10-a.yaml',
			'/etc/rancher/k3s/config.yaml.d/20-b.YML',
		])
		expect(evidence?.values.get('node-label')).toEqual({
			values: ['a=1', 'b=2', 'c=3'],
			origin: { kind: 'file', file: '/etc/rancher/k3s/config.yaml.d/20-b.YML', line: 1 },
		})
		expect(evidence?.values.get('node-taint')?.values).toEqual(['x=y:NoSchedule'])
		expect(evidence?.values.get('tls-san')?.values).toEqual(['one', 'two'])
		expect(evidence?.values.has('debug')).toBe(false)
	})

	it('is read from drop-ins alone', () => {
		const dropIn = 'files/etc/rancher/k3s/config.yaml.d/a.yaml'
		expect(values({ [dropIn]: 'cluster-init: true\n' })).toEqual({ 'cluster-init': ['true'] })
	})

	it('resolves anchors', () => {
		expect(
			values({ [main]: 'node-ip: &ip 10.0.0.1\nadvertise-address: *ip\n' })['advertise-address'],
		).toEqual(['10.0.0.1'])
	})

	it('shows a map inside a list as k3s gets it', () => {
		expect(values({ [main]: 'kubelet-arg:\n  - eviction-hard: 5%\n' })['kubelet-arg']).toEqual([
			'map[eviction-hard:5%]',
		])
	})
})

describe('a config.yaml that k3s refuses', () => {
	const problem = (text: string) => read({ [main]: text })?.problems[0]

	it('is told with the line and its text: a tab', async () => {
		expect(config.parse(await openRecording('config-tab'))?.problems).toEqual([
			{
				file: '/etc/rancher/k3s/config.yaml',
				line: 5,
				message: expect.stringContaining('found character that cannot start any token'),
				text: '\t- k3s.lab.example',
			},
		])
	})

	it.each([
		['a tab on an empty line', 'a: 1\n\t\nb: 2\n', 2],
		['a tab before a comment', 'a: 1\n\t# note\n', 2],
		['a tab after a dash', 'tls-san:\n  -\tx\n', 2],
		['a wrong indentation', 'tls-san:\n  - a\n - b\n', 3],
		['two colons', 'server: https://a: 6443\n', 1],
		['an open quote', 'a: 1\nnode-name: "x\nb: 2\n', 2],
		['an open bracket', 'a: 1\ndisable: [x, y\nb: 2\n', 3],
		['a reserved character', 'a: 1\nnode-name: @x\n', 2],
		['a cron expression without quotes', 'a: 1\netcd-snapshot-schedule-cron: */5 * * * *\n', 2],
		['a value that is no anchor', 'a: 1\ntls-san: *all\n', 2],
		['a control character', 'a: 1\nb: x\u0000y\n', 2],
		['bytes that are no UTF-8', 'a: 1\nb: x\ufffdy\n', 2],
		['a list', '- a\n- b\n', 1],
		['a bare word', 'cluster-init\n', 1],
	])('%s', (_, text, line) => {
		const found = problem(text)
		expect(found?.message).toBeTruthy()
		expect(found?.line).toBe(line)
	})

	it.each([
		['tabs inside a quoted text', 'a: "x\n\ty"\n'],
		['tabs inside a block text', 'a: |\n  x\n  \ty\n'],
		['tabs inside brackets', 'a: [\n\tx,\n\ty\n]\n'],
		['a tab after a value', 'a: 1\t\nb:\t2\n'],
		['a comment close to a quote', 'a: "x"#y\n'],
		['the same key twice', 'a: 1\na: 2\n'],
		['a second document', 'a: 1\n---\n\tb\n'],
		['brackets that end at the margin', 'disable: [\n"traefik", # not used\n\'servicelb\'\n]\nb: 2\n'],
		['a quoted text that goes on at the margin', 'a: "x\ny"\nb: 2\n'],
		['quotes inside a block text', 'a: |\n  it\'s "x\nb: 2\n'],
		['quotes inside a plain text', "a: it's [x\nb: 2\n"],
		['quotes inside a comment', "a: 1 # it's\nb: 2\n"],
		['carriage returns', 'a: 1\r\ntls-san:\r\n  - x\r\n'],
		['a byte order mark', '\ufeffa: 1\n'],
		['nothing', ''],
		['only a comment', '# nothing\n'],
	])('is not: %s', (_, text) => {
		expect(problem(text)).toBeUndefined()
	})

	it('does not tell the secret on the line', () => {
		expect(problem('\ttoken: hunter2\n')?.text).toBe('\ttoken: <redacted>')
	})
})

describe('the command line', () => {
	it('of the unit wins over the file; lists get both', () => {
		const files = {
			[main]: 'node-name: from-file\nnode-label: [a=1]\n',
			'commands/systemctl-cat.txt': unit(
				'--node-name=from-unit',
				'--node-label',
				'b=2',
				'--debug',
				'-v',
				'2',
			),
		}
		const evidence = read(files)
		expect(evidence?.args).toEqual(['--node-name=from-unit', '--node-label', 'b=2', '--debug', '-v', '2'])
		expect(values(files)).toEqual({
			'node-name': ['from-unit'],
			'node-label': ['a=1', 'b=2'],
			debug: ['true'],
			v: ['2'],
		})
		expect(evidence?.values.get('node-name')?.origin).toEqual({
			kind: 'unit',
			file: '/etc/systemd/system/k3s.service',
			line: 4,
		})
	})

	it('names another configuration file, unless the environment does', () => {
		const files = {
			[main]: 'node-name: wrong\n',
			'files/srv/k3s.yaml': 'node-name: right\n',
			'files/srv/k3s.yaml.d/a.yaml': 'debug: true\n',
			'commands/systemctl-cat.txt': unit('--config', '/srv/k3s.yaml'),
		}
		expect(values(files)).toMatchObject({ 'node-name': ['right'], debug: ['true'] })
		const environment = {
			...files,
			'files/etc/default/k3s': `K3S_CONFIG_FILE=${main.slice('files'.length)}\n`,
		}
		expect(values(environment)['node-name']).toEqual(['wrong'])
	})

	it('is filled from the environment as systemd does', () => {
		const files = {
			'commands/systemctl-cat.txt': unit().replace('server', `server --node-ip $\{IP} $MORE`),
			'files/etc/systemd/system/k3s.service.env': "IP=10.0.0.9\nMORE='--debug --node-name n'\n",
		}
		expect(values(files)).toEqual({ 'node-ip': ['10.0.0.9'], debug: ['true'], 'node-name': ['n'] })
	})

	it('of OpenRC stands in the init script', () => {
		const script = `supervisor=supervise-daemon\ncommand="/usr/local/bin/k3s"\ncommand_args="agent \\
	'--node-label' \\
	'a=b c' \\
    >>/var/log/k3s-agent.log 2>&1"\noutput_log=/x\n`
		const node = { init: 'openrc', unit: 'k3s-agent.service', role: 'agent' } as const
		const files = {
			'files/etc/init.d/k3s-agent': script,
			'files/etc/rancher/k3s/k3s-agent.env': `export K3S_URL="https://s1:6443"\nK3S_TOKEN='abc'\n`,
		}
		expect(values(files, node)).toEqual({
			'node-label': ['a=b c'],
			server: ['https://s1:6443'],
			token: ['<redacted>'],
		})
	})

	it('hides its secrets', () => {
		const evidence = read({
			'commands/systemctl-cat.txt': unit('--token', 'hunter2', '--agent-token=hunter3'),
		})
		expect(evidence?.args).toEqual(['--token', '<redacted>', '--agent-token=<redacted>'])
		expect(JSON.stringify([...(evidence?.values ?? [])])).not.toContain('hunter')
	})
})

describe('the environment', () => {
	it('stands for flags, with quotes and comments as systemd reads them', () => {
		const text = `# K3S_URL=https://old:6443
K3S_URL="https://s1.lab.example:6443"
K3S_NODE_NAME='n 1'
  K3S_RESOLV_CONF = /etc/r\\
esolv.k3s
K3S_TOKEN=
export K3S_DEBUG=true
HTTP_PROXY=http://u:hunter2@proxy:3128
`
		const evidence = read({ 'files/etc/systemd/system/k3s.service.env': text })
		expect(evidence?.values.get('server')).toEqual({
			values: ['https://s1.lab.example:6443'],
			origin: { kind: 'environment', file: '/etc/systemd/system/k3s.service.env', line: 2 },
		})
		expect(Object.fromEntries(evidence?.environment ?? [])).toEqual({
			K3S_URL: 'https://s1.lab.example:6443',
			K3S_NODE_NAME: 'n 1',
			K3S_RESOLV_CONF: '/etc/resolv.k3s',
			// Empty is a fault of its own, and no secret.
			K3S_TOKEN: '',
			HTTP_PROXY: 'http://u:<redacted>@proxy:3128',
		})
	})

	it('comes from the files that the unit names, the later winning, and from the unit itself', () => {
		const files = {
			'commands/systemctl-cat.txt':
				'# /etc/systemd/system/k3s.service\n[Service]\nEnvironment="K3S_NODE_NAME=a" K3S_DEBUG=true\nEnvironmentFile=-/etc/default/%N\nEnvironmentFile=/srv/k3s.env\nExecStart=/usr/local/bin/k3s agent\n',
			'files/etc/default/k3s': 'K3S_URL=https://one:6443\nK3S_NODE_NAME=b\n',
			'files/srv/k3s.env': 'K3S_URL=https://two:6443\n',
			'files/etc/systemd/system/k3s.service.env': 'K3S_URL=https://not-read:6443\n',
		}
		expect(values(files)).toEqual({ server: ['https://two:6443'], 'node-name': ['b'], debug: ['true'] })
	})

	it('counts only where neither file nor command line gives the flag', () => {
		const files = {
			'files/etc/systemd/system/k3s.service.env': 'K3S_URL=https://env:6443\nK3S_NODE_NAME=env\n',
			[main]: 'server: https://file:6443\n',
		}
		expect(values(files)).toEqual({ server: ['https://file:6443'], 'node-name': ['env'] })
	})

	it('hides the password of a datastore', () => {
		const files = { 'files/etc/default/k3s': "K3S_DATASTORE_ENDPOINT='mysql://u:p@/w?d@tcp(db:3306)/k3s'\n" }
		expect(values(files)['datastore-endpoint']).toEqual(['mysql://u:<redacted>@tcp(db:3306)/k3s'])
	})
})

describe('no or hostile configuration', () => {
	it('is absent where nothing is known', async () => {
		expect(read({})).toBeUndefined()
		expect(config.parse(await openRecording('not-installed'))).toBeUndefined()
	})

	it('gives less, never an exception', () => {
		const bombs = [
			`a: &a [x]\n${Array.from({ length: 2000 }, (_, at) => `k${at}: *a`).join('\n')}`,
			'['.repeat(100_000),
			`${'- '.repeat(50_000)}x`,
			`__proto__: x\nconstructor: y\ntoString: [1, 2]\n`,
			`a: ${'x'.repeat(400_000)}\n`,
			'? [a, b]\n: c\n? {d: e}\n: f\n',
			'<<: *x\n',
			`!!binary ${'/'.repeat(1000)}: !!float x\n`,
			'x'.repeat(2_000_000),
		]
		for (const text of bombs) {
			const started = performance.now()
			expect(() =>
				read({
					[main]: text,
					'files/etc/systemd/system/k3s.service.env': text,
					'commands/systemctl-cat.txt': `# /a/k3s.service\n[Service]\nExecStart=${text}`,
				}),
			).not.toThrow()
			expect(performance.now() - started).toBeLessThan(4000)
		}
		expect(values({ [main]: '__proto__: x\n' })).not.toHaveProperty('x')
	})
})

describe('asking for the configuration', () => {
	it('follows --config and takes drop-ins of YAML only', async () => {
		const paths = {
			'/srv/k3s.yaml': 'debug: true\n',
			'/srv/k3s.yaml.d/a.yaml': '',
			'/srv/k3s.yaml.d/token': '',
			'/etc/systemd/system/k3s.service.env': '',
		}
		const commands = { 'systemctl cat': unit('--config=/srv/k3s.yaml') }
		const { ask, read: asked } = fakeAsk({ paths, commands })
		await config.collect(ask)
		expect(asked.map(({ path }) => path)).toEqual([
			'/etc/default/k3s',
			'/etc/sysconfig/k3s',
			'/etc/systemd/system/k3s.service.env',
			'/srv/k3s.yaml',
			'/srv/k3s.yaml.d/a.yaml',
		])
	})

	it('asks OpenRC nodes for their own files', async () => {
		const { ask, ran, read: asked } = fakeAsk({ node: { init: 'openrc' } })
		await config.collect(ask)
		expect(ran).toEqual([])
		expect(asked.map(({ path }) => path)).toContain('/etc/rancher/k3s/k3s.env')
	})
})
