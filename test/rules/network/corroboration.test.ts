/** A cause is shown by more than one source, and each source alone still says something. */
import { describe, expect, it } from 'vitest'
import type { Examination } from '../../../src/examine.js'
import type { DiagnosisCause } from '../../../src/model/diagnosis.js'
import { causesOf, judgeFiles, judgeRecording } from '../../judge.js'
import { agentNode, joins, waitingAgent } from '../agent.js'
import { crashing, goodStart, journalText, running, shutdown, unitShow } from '../unit.js'
import { eth0, flannel1, http, links, podLog, ports, twoNodeRoutes, twoNodes } from './net-text.js'

function sourcesOf({ report }: Examination, cause: DiagnosisCause): string[] {
	const found = report.diagnoses.find(diagnosis => diagnosis.cause === cause)
	return [...new Set(found?.findings.map(({ source }) => source))].sort()
}

describe('recorded nodes', () => {
	const shown: [string, DiagnosisCause, string[]][] = [
		['agent-server-stopped', 'api-unreachable', ['journal', 'probes']],
		['agent-firewall-out-reject', 'api-unreachable', ['journal', 'probes']],
		['agent-url-http', 'server-url-wrong', ['config', 'journal']],
		['cni-none', 'cni-not-ready', ['config', 'runtime']],
		['port-10257-taken', 'port-in-use', ['journal', 'sockets']],
		['flannel-iface-missing', 'flannel-iface-wrong', ['journal', 'network']],
		['dns-upstream-dead', 'dns-upstream-broken', ['network', 'podLogs']],
		['coredns-bad-corefile', 'coredns-down', ['cluster', 'podLogs']],
		['agent-dns-dead', 'host-dns-broken', ['names', 'probes']],
	]
	it.each(shown)('%s: %s is shown by %j', async (name, cause, sources) => {
		expect(sourcesOf(await judgeRecording(name), cause)).toEqual(sources)
	})
})

const waits = (url: string, why: string) =>
	`time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at ${url}: ${why}"`

describe('one source alone', () => {
	it('the end of a component that says something new', () => {
		expect(causesOf(judgeFiles(crashing(shutdown('flannel exited: something quite new'))))).toEqual({
			'flannel-start-failed': 'certain',
		})
		expect(causesOf(judgeFiles(crashing(shutdown('kube-proxy exited: something quite new'))))).toEqual({
			'kube-proxy-failed': 'certain',
		})
		const taken = 'listen tcp 127.0.0.1:10256: bind: address already in use'
		expect(causesOf(judgeFiles(crashing(shutdown(`kube-proxy exited: ${taken}`))))).toEqual({
			'port-in-use': 'certain',
		})
	})

	it('the URL by the words of k3s, or by the environment file', () => {
		const words = waits(
			'http://10.1.1.1:6443',
			'only https:// URLs are supported, invalid scheme: http://127.0.0.1:6444',
		)
		expect(causesOf(judgeFiles(waitingAgent(words), agentNode))).toMatchObject({
			'server-url-wrong': 'certain',
		})
		const file = waitingAgent(waits('x', 'something'), joins('http://10.1.1.1:6443'))
		expect(causesOf(judgeFiles(file, agentNode))['server-url-wrong']).toBe('certain')
	})

	it('a port that is open but does not answer as k3s does', () => {
		const url = 'https://rancher.example:6443'
		const files = waitingAgent(
			waits(url, 'failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF'),
			{
				...joins(url),
				...ports(['rancher.example', 6443, 'open']),
				...http([`${url}/ping`, 0, '', 52]),
			},
		)
		expect(sourcesOf(judgeFiles(files, agentNode), 'api-unreachable')).toEqual(['journal', 'probes'])
	})

	it('a kernel without IPVS', () => {
		const files = crashing(shutdown("kube-proxy exited: can't use ipvs proxier"), {
			'files/etc/rancher/k3s/config.yaml': 'kube-proxy-arg: proxy-mode=ipvs\n',
			'files/proc/modules': 'overlay 1 0 - Live 0x0\nbr_netfilter 1 0 - Live 0x0\n',
			'commands/uname.txt': 'Linux node-1 6.1.0 #1 x86_64 GNU/Linux\n',
		})
		expect(sourcesOf(judgeFiles(files), 'kube-proxy-failed')).toEqual(['journal', 'kernel'])
		const loaded = { ...files, 'files/proc/modules': 'ip_vs 1 0 - Live 0x0\n' }
		expect(sourcesOf(judgeFiles(loaded), 'kube-proxy-failed')).toEqual(['journal'])
	})

	it('a pod that waits for large packets', () => {
		const small = links([{ ...eth0, mtu: 1400 }, flannel1], twoNodeRoutes)
		const said = podLog(
			'metrics-server-1',
			[[30, 'Get "https://10.0.0.2:10250": net/http: TLS handshake timeout']],
			{ container: 'metrics-server' },
		)
		expect(sourcesOf(judgeFiles(twoNodes({ ...small, ...said })), 'mtu-mismatch')).toEqual([
			'network',
			'podLogs',
		])
		expect(causesOf(judgeFiles(twoNodes(said)))).not.toHaveProperty('mtu-mismatch')
	})

	it('k3s that does not reach pods of another node', () => {
		const said =
			'E1121 04:09:30.000000     700 x.go:1] failed calling webhook: dial tcp 10.42.1.9:443: i/o timeout'
		const lines = [500, 530, 570].map((second): [number, string, string] => [second, 'k3s', said])
		const files = twoNodes({ 'journal/k3s.log': journalText([...goodStart(), ...lines]) })
		expect(sourcesOf(judgeFiles(files), 'vxlan-blocked')).toEqual(['journal'])
	})

	it('a policy controller that fails, a cloud service that is only enabled', () => {
		const said =
			'E1121 04:00:20.000000     700 network_policy_controller.go:1] Failed to cleanup stale ipsets: exit status 1'
		expect(causesOf(judgeFiles(running({}, [[20, 'k3s', said]])))).toEqual({ 'netpol-blocks': 'possible' })
		const units = `${unitShow()}\n${unitShow({ Id: 'nm-cloud-setup.service', UnitFileState: 'enabled', ActiveState: 'inactive', SubState: 'dead' }, ['/usr/libexec/nm-cloud-setup'])}`
		expect(causesOf(judgeFiles({ ...running(), 'commands/systemctl-show.txt': units }))).toEqual({
			'nm-cloud-setup': 'possible',
		})
	})
})
