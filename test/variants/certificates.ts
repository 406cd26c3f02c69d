/** Certificates, clocks, tokens of servers. */
import { keepsSaying, klog } from '../scenes/journal.js'
import { recorded, server } from '../scenes/recorded.js'
import { agentWaits, serverEnds } from '../scenes/start.js'
import type { Variant } from './case.js'

const days = 24 * 60

export const certificates: readonly Variant[] = [
	{
		name: 'a server that ran for more than a year',
		cause: 'cert-expired',
		also: ['cert-expiring'],
		make: async () => {
			const node = await recorded('healthy-server', 366 * days)
			keepsSaying(node, [
				klog(
					`Unable to authenticate the request: [x509: certificate has expired or is not yet valid: current time ${node.ago(20)} is after 2027-11-21T04:24:14Z, verifying certificate SN=77, SKID=, AKID=1 failed]`,
					'authentication.go:75',
				),
			])
			return node
		},
	},
	{
		name: 'an HA server that ran for more than a year',
		cause: 'cert-expired',
		also: ['cert-expiring', 'etcd-peer-unreachable'],
		make: async () => {
			const node = await recorded('ha-healthy', 370 * days)
			keepsSaying(node, [
				`{"level":"warn","ts":"${node.ago(10)}","caller":"embed/config_logging.go:194","msg":"rejected connection on peer endpoint","remote-addr":"10.99.0.12:41712","server-name":"","error":"tls: failed to verify certificate: x509: certificate has expired or is not yet valid"}`,
			])
			return node
		},
	},
	{
		name: 'the clock of a server stands in the past',
		cause: 'clock-skew',
		also: ['cert-expired'],
		make: async () => {
			const node = await serverEnds([
				'error failed to validate connection to cluster at https://127.0.0.1:6443: failed to get CA certs: Get "https://127.0.0.1:6443/cacerts": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2024-01-02T05:01:07Z is before 2026-11-21T04:24:14Z',
				'fatal Error: preparing server: failed to bootstrap cluster data: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2024-01-02T05:01:07Z is before 2026-11-21T04:24:14Z',
			])
			node.change('journal/k3s.log', text => text.replaceAll(/^2026-11-21T05:01/gm, '2024-01-02T05:01'))
			node.put('commands/date.txt', '2024-01-02T05:01:10,000000000+00:00\n')
			return node
		},
	},
	{
		name: 'the clock of an agent stands in the past',
		cause: 'clock-skew',
		also: ['api-unreachable'],
		make: async () => {
			const node = await agentWaits(
				'error failed to validate connection to cluster at https://10.99.0.11:6443: failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-10-02T05:25:01Z is before 2026-11-21T04:24:14Z',
			)
			node.change('journal/k3s-agent.log', text =>
				text
					.split('\n')
					.map((line, index, all) =>
						index > all.length - 40 ? line.replace(/^2026-11-21/, '2026-10-02') : line,
					)
					.join('\n'),
			)
			node.put('commands/date.txt', '2026-10-02T05:25:20,000000000+00:00\n')
			return node
		},
	},
	{
		name: 'the time is not synchronised and half an hour ahead of chrony',
		cause: 'clock-skew',
		make: server(node => {
			node.answer(
				'commands/chronyc-tracking.txt',
				['chronyc', 'tracking'],
				'Reference ID    : C0A80101 (192.168.1.1)\nStratum         : 3\nSystem time     : 1812.331000000 seconds fast of NTP time\nLast offset     : +1812.2 seconds\nLeap status     : Normal\n',
			)
		}),
	},
	{
		name: 'the name by which an agent reaches its server is not in the certificate',
		cause: 'cert-san-missing',
		also: ['api-unreachable'],
		make: () =>
			agentWaits(
				'error failed to validate connection to cluster at https://10.99.0.11:6443: failed to get CA certs: Get "https://10.99.0.11:6443/cacerts": tls: failed to verify certificate: x509: certificate is valid for 10.43.0.1, 127.0.0.1, ::1, not 10.99.0.11',
			),
	},
	{
		name: 'an empty kubelet certificate after a power loss',
		cause: 'cert-key-mismatch',
		make: async () => {
			const node = await agentWaits(
				'info Waiting to retrieve agent configuration; server is not ready: tls: failed to find any PEM data in certificate input',
			)
			node.put('files/var/lib/rancher/k3s/agent/client-kubelet.crt', '')
			node.change('commands/files.tsv', text =>
				text.replace(/^(f\t\d+\t0\t0\t)\d+(\t\S+\t\S*agent\/client-kubelet\.crt\t)/m, '$10$2'),
			)
			return node
		},
	},
]
