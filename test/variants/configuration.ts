/** Flags, configuration files, units, tokens. */
import { recorded } from '../scenes/recorded.js'
import { agentWaits, healthyConfig, serverEnds, serverShutsDown } from '../scenes/start.js'
import type { Variant } from './case.js'

export const configuration: readonly Variant[] = [
	{
		name: 'a list where a mapping is wanted in a drop-in',
		cause: 'config-invalid-yaml',
		make: async () => {
			const node = await serverEnds([
				'fatal Error: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into yaml.MapSlice',
			])
			node.put('files/etc/rancher/k3s/config.yaml.d/10-labels.yaml', '- node-label: a=b\n- node-label: c=d\n')
			return node
		},
	},
	{
		name: 'an unclosed quote',
		cause: 'config-invalid-yaml',
		make: () =>
			serverEnds(
				['fatal Error: yaml: line 3: found unexpected end of stream'],
				'disable:\n  - traefik\nwrite-kubeconfig-mode: "0640\n',
			),
	},
	{
		name: 'an endpoint beside disable-apiserver',
		cause: 'config-conflicting-flags',
		// The SQLite data of before lie there still.
		also: ['datastore-type-changed'],
		make: () =>
			serverEnds(
				['fatal Error: cannot use --disable-apiserver with --datastore-endpoint'],
				`${healthyConfig}disable-apiserver: true\ndatastore-endpoint: "postgres://k3s:<redacted>@pg:5432/k3s"\n`,
			),
	},
	{
		name: 'a value that is no number',
		cause: 'config-bad-value',
		make: () =>
			serverEnds(
				[
					'fatal Error: invalid value "sixty" for flag -https-listen-port: strconv.ParseInt: parsing "sixty": invalid syntax',
				],
				`${healthyConfig}https-listen-port: sixty\n`,
			),
	},
	{
		name: 'a wrong service node port range',
		cause: 'config-bad-value',
		make: () =>
			serverEnds(
				['fatal Error: invalid port range 30000-99999: invalid argument: port out of range'],
				`${healthyConfig}service-node-port-range: 30000-99999\n`,
			),
	},
	{
		name: 'an unknown flag on the command line',
		cause: 'config-unknown-flag',
		make: async () => {
			const node = await serverEnds([
				'Incorrect Usage: flag provided but not defined: -disable-agnet',
				'NAME:',
				'   k3s server - Run management server',
				'fatal Error: flag provided but not defined: -disable-agnet',
			])
			for (const file of [
				'commands/systemctl-show.txt',
				'commands/systemctl-cat.txt',
				'files/etc/systemd/system/k3s.service',
			])
				node.change(file, text =>
					text.replaceAll('/usr/local/bin/k3s server', '/usr/local/bin/k3s server --disable-agnet'),
				)
			return node
		},
	},
	{
		name: 'a controller manager argument that it does not know',
		cause: 'component-arg-invalid',
		make: () =>
			serverShutsDown('controller-manager exited: unknown flag: --terminated-pod-gc', {
				config: `${healthyConfig}kube-controller-manager-arg:\n  - terminated-pod-gc=10\n`,
			}),
	},
	{
		name: 'a kube-proxy argument with a wrong value',
		cause: 'component-arg-invalid',
		also: ['kube-proxy-failed'],
		make: () =>
			serverShutsDown(
				'kube-proxy exited: failed validate: KubeProxyConfiguration.Mode: Invalid value: "ebpf": must be iptables, ipvs, nftables or blank (blank means the best-available proxy [currently iptables])',
				{
					config: `${healthyConfig}kube-proxy-arg:\n  - proxy-mode=ebpf\n`,
				},
			),
	},
	{
		name: 'a feature gate that was removed',
		cause: 'component-arg-invalid',
		make: () =>
			serverShutsDown(
				'apiserver exited: invalid argument "PodSecurity=true" for "--feature-gates" flag: unrecognized feature gate: PodSecurity',
				{
					config: `${healthyConfig}kube-apiserver-arg:\n  - feature-gates=PodSecurity=true\n`,
				},
			),
	},
	{
		name: 'a token file that is not there',
		cause: 'token-wrong',
		make: () =>
			serverEnds(
				['fatal Error: open /etc/rancher/k3s/token: no such file or directory'],
				`${healthyConfig}token-file: /etc/rancher/k3s/token\nserver: https://10.99.0.12:6443\n`,
			),
	},
	{
		name: 'an agent with an expired bootstrap token',
		cause: 'token-wrong',
		make: () => agentWaits('error token is not valid: https://127.0.0.1:6444/apis: 401 Unauthorized'),
	},
	{
		name: 'a server started with another token than before',
		cause: 'token-bootstrap-mismatch',
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to bootstrap cluster data: failed to reconcile with local datastore: bootstrap data already found and encrypted with different token',
				],
				`${healthyConfig}token: <redacted>\n`,
			),
	},
	{
		name: 'a dual-stack cluster on a host with one family',
		cause: 'dual-stack-misconfig',
		make: () =>
			serverEnds(
				[
					'fatal Error: cluster-cidr: [10.42.0.0/16 fd00:42::/56], service-cidr: [10.43.0.0/16 fd00:43::/112] and node-ip: [10.99.0.11], must share the same IP version (IPv4, IPv6 or dual-stack)',
				],
				`${healthyConfig}cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\n`,
			),
	},
	{
		name: 'the unit gives up after ninety seconds',
		cause: 'service-start-timeout',
		also: ['disk-slow', 'cpu-starved', 'sqlite-slow'],
		make: async () => {
			const node = await recorded('config-bad-cidr')
			const text = node.text('journal/k3s.log')
			const lines = text.split('\n')
			const begin = lines.findLastIndex(line => line.includes('Starting k3s.service'))
			const head = lines.slice(0, begin).filter(line => !line.includes('invalid service-cidr'))
			const said = (at: string, who: string, words: string) =>
				`2026-11-21T${at}.100000+0000 s1 ${who}: ${words}`
			const start = (minute: number) => [
				said(`05:0${minute}:00`, 'systemd[1]', 'Starting k3s.service - Lightweight Kubernetes...'),
				said(
					`05:0${minute}:01`,
					'k3s[1400]',
					`time="2026-11-21T05:0${minute}:01Z" level=info msg="Starting k3s v1.36.2+k3s1 (af977adf)"`,
				),
				said(
					`05:0${minute}:02`,
					'k3s[1400]',
					`time="2026-11-21T05:0${minute}:02Z" level=info msg="Running startup VACUUM to reclaim disk space, this may take a moment..."`,
				),
				said(`05:0${minute + 1}:30`, 'systemd[1]', 'k3s.service: start operation timed out. Terminating.'),
				said(`05:0${minute + 1}:31`, 'systemd[1]', "k3s.service: Failed with result 'timeout'."),
				said(`05:0${minute + 1}:31`, 'systemd[1]', 'Failed to start k3s.service - Lightweight Kubernetes.'),
			]
			node.put('journal/k3s.log', [...head, ...start(2), ...start(4), ''].join('\n'))
			node.change('commands/systemctl-show.txt', shown => shown.replace('Result=exit-code', 'Result=timeout'))
			node.change('commands/systemctl-cat.txt', cat => cat.replace('TimeoutStartSec=0', 'TimeoutStartSec=90'))
			node.change('files/etc/systemd/system/k3s.service', cat =>
				cat.replace('TimeoutStartSec=0', 'TimeoutStartSec=90'),
			)
			node.put('files/etc/rancher/k3s/config.yaml', healthyConfig)
			node.put('commands/date.txt', '2026-11-21T05:05:40,000000000+00:00\n')
			return node
		},
	},
	{
		name: 'the ExecStart of the unit names a file that is gone',
		cause: 'k3s-not-installed',
		also: ['unit-file-invalid', 'data-dir-problem', 'binary-noexec'],
		make: async () => {
			const node = await recorded('binary-not-executable')
			node.change('journal/k3s.log', text =>
				text.replaceAll('Permission denied', 'No such file or directory'),
			)
			node.change('commands/systemctl-status.txt', text =>
				text.replaceAll('Permission denied', 'No such file or directory'),
			)
			node.change('commands/files.tsv', text =>
				text
					.split('\n')
					.filter(line => !/\t\/usr\/local\/bin\/k3s\t/.test(line))
					.join('\n'),
			)
			return node
		},
	},
]
