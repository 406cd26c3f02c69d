import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import {
	crashing,
	error,
	fatalStart,
	goodStart,
	journalText,
	restarting,
	running,
	unitShow,
} from '../unit.js'

const configFile = 'files/etc/rancher/k3s/config.yaml'

describe('config-invalid-yaml', () => {
	it('fires on a drop-in with a broken line, and names file and line', () => {
		const files = crashing('yaml: line 2: mapping values are not allowed in this context', {
			[configFile]: 'write-kubeconfig-mode: "0640"\n',
			'files/etc/rancher/k3s/config.yaml.d/20-site.yaml': 'tls-san: a\nnode-name: b: c\n',
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['config-invalid-yaml'])
		expect(examination.report.diagnoses[0]?.findings.map(({ says }) => says).join()).toContain(
			'20-site.yaml, line 2',
		)
	})

	it('offers to replace the tab in exactly that line', () => {
		const examination = judgeFiles(
			crashing('yaml: line 3: found character that cannot start any token', {
				[configFile]: 'node-label:\n\t- a=b\n',
			}),
		)
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toMatchObject({
			editLines: '/etc/rancher/k3s/config.yaml',
			changes: [{ line: '\t- a=b', becomes: ['  - a=b'] }],
		})
	})

	it('is only a warning while k3s still runs', () => {
		const { report } = judgeFiles(running({ [configFile]: 'node-label:\n\t- a=b\n' }))
		expect(report.diagnoses).toMatchObject([{ cause: 'config-invalid-yaml', severity: 'warning' }])
	})

	it('is silent on YAML of something else that is broken', () => {
		const words =
			'Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/site.yaml: yaml: line 5: mapping values are not allowed in this context'
		expect(
			causesOf(judgeFiles(running({ [configFile]: 'token: x\n' }, [[40, 'k3s', error(words)]]))),
		).not.toHaveProperty('config-invalid-yaml')
	})
})

describe('config-unreadable', () => {
	it.each([
		'Error: open /etc/rancher/k3s/config.yaml: permission denied',
		'failed to parse config location: /srv/k3s/config.yaml: read /srv/k3s/config.yaml: is a directory',
	])('fires on %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['config-unreadable'])
	})

	it('is silent on other files that are missing', () => {
		const word =
			'Error: loading audit policy file: failed to read file path "/etc/rancher/k3s/audit.yaml": open /etc/rancher/k3s/audit.yaml: no such file or directory'
		expect(causesOf(judgeFiles(crashing(word)))).not.toHaveProperty('config-unreadable')
	})
})

describe('config-unknown-flag', () => {
	it.each(['Error: flag provided but not defined: -no-deploy', 'flag provided but not defined: -node-tiant'])(
		'fires on %s',
		word => {
			expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['config-unknown-flag'])
		},
	)

	it('takes a key out of the file that names it', () => {
		const examination = judgeFiles(
			{
				'commands/systemctl-show.txt': unitShow({ ...restarting, Id: 'k3s-agent.service' }, [
					'/usr/local/bin/k3s agent',
				]),
				'journal/k3s-agent.log': journalText(
					fatalStart('Error: flag provided but not defined: -cluster-init'),
					'k3s-agent.service',
				),
				[configFile]: 'server: https://10.1.1.1:6443\ncluster-init: true\n',
			},
			{ role: 'agent', unit: 'k3s-agent.service' },
		)
		expect(examination.report.diagnoses[0]).toMatchObject({
			cause: 'config-unknown-flag',
			confidence: 'certain',
		})
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toMatchObject({
			edit: '/etc/rancher/k3s/config.yaml',
			remove: ['cluster-init'],
		})
	})

	it('tells a running server of a key that it skips, as a note', () => {
		const warning =
			'time="2026-11-21T04:00:00Z" level=warning msg="Unknown flag --tls-sans found in config.yaml, skipping\\n"'
		const [first, ...rest] = goodStart()
		const files = running({
			'journal/k3s.log': journalText([...(first ? [first] : []), [0, 'k3s', warning], ...rest]),
		})
		expect(judgeFiles(files).report.diagnoses).toMatchObject([
			{ cause: 'config-unknown-flag', severity: 'info' },
		])
	})

	it('is silent on a flag that a component does not know', () => {
		expect(
			causesOf(judgeFiles(crashing('Error: failed to parse kubelet flag: unknown flag: --eviction-hrad'))),
		).not.toHaveProperty('config-unknown-flag')
	})
})

describe('config-bad-value', () => {
	it.each([
		'Error: invalid cluster-cidr 10.42.0.0/99: invalid CIDR address: 10.42.0.0/99',
		"Error: invalid node-ip: invalid ip format '300.1.1.1'",
		'starting kubernetes: preparing server: invalid port range abc',
		'Error: failed to parse node taints: invalid taint spec: a=b=c',
		'Error: invalid value "yes please" for flag -cluster-init: parse error',
		'Error: Cannot configure unknown flannel backend "vxlann"',
		'Error: --server is required',
	])('fires on %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['config-bad-value'])
	})

	it('finds the line of the file', () => {
		const examination = judgeFiles(
			crashing('Error: invalid service-cidr 10.43.0.0/40: invalid CIDR address: 10.43.0.0/40', {
				[configFile]: 'disable: traefik\nservice-cidr: 10.43.0.0/40\n',
			}),
		)
		expect(examination.report.diagnoses[0]?.findings).toContainEqual(
			expect.objectContaining({ quote: expect.objectContaining({ file: configFile, line: 2 }) }),
		)
	})

	it('is silent on networks of the two families, and on a running server', () => {
		expect(
			causesOf(
				judgeFiles(
					crashing(
						'Error: invalid cluster-cidr, service-cidr and node-ip: must share the same IP version (IPv4, IPv6 or dual-stack)',
					),
				),
			),
		).not.toHaveProperty('config-bad-value')
		expect(
			causesOf(
				judgeFiles(
					running({
						[configFile]:
							'cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\n',
					}),
				),
			),
		).toEqual({})
	})
})

describe('config-conflicting-flags', () => {
	it.each([
		'Error: cannot use --disable-etcd with --datastore-endpoint',
		'Error: cannot perform cluster-reset while server URL is set - remove server from configuration before resetting',
	])('fires on %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['config-conflicting-flags'])
	})

	it('is silent on options that go together', () => {
		expect(
			causesOf(judgeFiles(running({ [configFile]: 'cluster-init: true\ndisable: [traefik]\n' }))),
		).toEqual({})
	})
})

describe('config-mismatch-servers', () => {
	it('fires and names what differs', () => {
		const files = crashing(
			'Error: preparing server: failed to validate server configuration: critical configuration value mismatch between servers',
		)
		files['journal/k3s.log'] = journalText(
			fatalStart(
				'Error: preparing server: failed to validate server configuration: critical configuration value mismatch between servers',
			).toSpliced(2, 0, [
				1,
				'k3s',
				'time="2026-11-21T04:00:01Z" level=warning msg="critical configuration mismatched: flannel-backend"',
			]),
		)
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['config-mismatch-servers'])
		expect(examination.report.diagnoses[0]?.findings.map(({ says }) => says)).toContain(
			'these differ: flannel-backend',
		)
	})

	it('is silent where the check was skipped', () => {
		expect(
			causesOf(
				judgeFiles(
					running({}, [
						[
							20,
							'k3s',
							'time="2026-11-21T04:00:20Z" level=warning msg="Skipping cluster configuration validation"',
						],
					]),
				),
			),
		).toEqual({})
	})
})

describe('component-arg-invalid', () => {
	it.each([
		['Error: failed to parse kubelet flag: unknown flag: --max-podz', 'kubelet-arg', 'max-podz=200'],
		[
			'apiserver exited: unknown flag: --enable-admission-plugin',
			'kube-apiserver-arg',
			'enable-admission-plugin=NodeRestriction',
		],
		[
			'Error: loading audit policy file: failed to read file path "/srv/audit.yml": open /srv/audit.yml: no such file or directory',
			'kube-apiserver-arg',
			'audit-policy-file=/srv/audit.yml',
		],
		[
			'Error: unrecognized feature gate: OldThing',
			'kube-controller-manager-arg',
			'feature-gates=OldThing=true',
		],
	])('fires on %s and takes the argument out', (word, option, text) => {
		const examination = judgeFiles(crashing(word, { [configFile]: `${option}:\n  - ${text}\n  - v=2\n` }))
		expect(rootsOf(examination)).toEqual(['component-arg-invalid'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toMatchObject({
			edit: '/etc/rancher/k3s/config.yaml',
			dropFrom: { [option]: [text] },
		})
	})

	it('is silent on a kubelet that refuses the host', async () => {
		expect(causesOf(await judgeRecording('cgroup-v1'))).not.toHaveProperty('component-arg-invalid')
	})
})

describe('proxy-misconfigured', () => {
	it('fires when the server is asked through a proxy', () => {
		const wait = error(
			'Failed to validate connection to cluster at https://10.1.1.1:6443: failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": proxyconnect tcp: dial tcp 10.9.9.9:3128: connect: connection refused',
		)
		const files = {
			'commands/systemctl-show.txt': unitShow(
				{ Id: 'k3s-agent.service', ActiveState: 'activating', SubState: 'start' },
				['/usr/local/bin/k3s agent'],
			),
			'journal/k3s-agent.log': journalText(
				[
					[0, 'systemd', 'Starting %u - x...'],
					[1, 'k3s', 'time="2026-11-21T04:00:00Z" level=info msg="Starting k3s agent v1.33.4+k3s1 (x)"'],
					[2, 'k3s', wait],
					[4, 'k3s', wait],
				],
				'k3s-agent.service',
			),
			'files/etc/systemd/system/k3s-agent.service.env':
				'K3S_URL=https://10.1.1.1:6443\nHTTPS_PROXY=http://10.9.9.9:3128\nNO_PROXY=localhost\n',
		}
		expect(rootsOf(judgeFiles(files, { role: 'agent', unit: 'k3s-agent.service' }))[0]).toBe(
			'proxy-misconfigured',
		)
	})

	it('is silent on a proxy that works', () => {
		const files = running({
			'files/etc/systemd/system/k3s.service.env': 'HTTPS_PROXY=http://10.9.9.9:3128\nNO_PROXY=10.0.0.0/8\n',
		})
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
