import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, joins, waitingAgent } from '../agent.js'
import { running, unitShow } from '../unit.js'
import { eth0, http, iptables, links, listening, neighbours, podLog, ports, twoNodes } from './net-text.js'

const deaf = (rules: string[], policies = {}) => ({
	...running(),
	...listening(['[::]:7443'], ['[::]:10250']),
	...ports(['127.0.0.1', 7443, 'timeout', 3000], ['127.0.0.1', 10250, 'open']),
	...iptables(rules, policies),
	'files/etc/rancher/k3s/config.yaml': 'https-listen-port: 7443\n',
})

describe('firewall-blocks', () => {
	it('fires where k3s cannot reach its own port, and takes the guilty rule away', () => {
		const rule = '-A INPUT -p tcp -m tcp --dport 7000:8000 -j DROP'
		const examination = judgeFiles(deaf(['-A INPUT -p tcp --dport 22 -j ACCEPT', rule]))
		expect(rootsOf(examination)).toEqual(['firewall-blocks'])
		expect(examination.report.diagnoses[0]).toMatchObject({ severity: 'critical', confidence: 'certain' })
		const [remedy] = examination.report.diagnoses[0]?.remedies ?? []
		expect(remedy?.steps).toEqual([{ run: ['iptables', '-D', ...rule.split(' ').slice(1)] }])
		expect(remedy?.undo).toEqual([{ run: ['iptables', '-A', ...rule.split(' ').slice(1)] }])
	})

	it('fires on a policy that drops, even on the loopback interface', () => {
		expect(causesOf(judgeFiles(deaf([], { input: 'DROP' })))).toMatchObject({ 'firewall-blocks': 'certain' })
	})

	it('does not take rules away that it cannot write down safely', () => {
		const rule = '-A INPUT -p tcp -m tcp --dport 7443 -m comment --comment "$(reboot)" -j DROP'
		const { diagnoses } = judgeFiles(deaf([rule])).report
		expect(diagnoses[0]?.cause).toBe('firewall-blocks')
		const runs = diagnoses[0]?.remedies.flatMap(({ steps }) => steps.filter(step => 'run' in step))
		expect(runs).toEqual([])
	})

	it('fires on an outgoing rule of an agent, for the interface and the name that it really uses', () => {
		const said =
			'time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at https://rancher.example:6443: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF"'
		const files = (rule: string) =>
			waitingAgent(said, {
				...joins(),
				...ports(['rancher.example', 6443, 'unreachable']),
				...links([{ name: 'ens3', address: '10.0.0.21/24' }], [['default', 'ens3', '10.0.0.254']]),
				...iptables([rule]),
				'files/etc/hosts': '10.9.9.9 rancher.example\n',
			})
		const blocked = judgeFiles(files('-A OUTPUT -d 10.9.0.0/16 -o ens3 -p tcp -j REJECT'), agentNode)
		expect(rootsOf(blocked)).toEqual(['firewall-blocks'])
		for (const rule of [
			'-A OUTPUT -d 10.8.0.0/16 -p tcp -j REJECT',
			'-A OUTPUT -o docker0 -p tcp -j REJECT',
		]) {
			expect(rootsOf(judgeFiles(files(rule), agentNode))).toEqual(['api-unreachable'])
		}
	})

	const closed = {
		...iptables(['-A INPUT -i lo -j ACCEPT', '-A INPUT -p tcp --dport 22 -j ACCEPT'], { input: 'DROP' }),
	}

	it('warns of a server that is closed to its other nodes and to its pods', () => {
		const { diagnoses } = judgeFiles(twoNodes(closed)).report
		const found = diagnoses.find(({ cause }) => cause === 'firewall-blocks')
		expect(found).toMatchObject({ severity: 'warning', confidence: 'likely' })
		expect(found?.findings.map(({ says }) => says).join()).toMatch(
			/other nodes \(10\.0\.0\.2\).*pods of this node/,
		)
	})

	it('is certain where a part of k3s cannot reach the API', () => {
		const files = twoNodes({
			...closed,
			...podLog(
				'metrics-server-1',
				[[30, 'E1121 Failed to watch: Get "https://10.43.0.1:443/api": dial tcp 10.43.0.1:443: i/o timeout']],
				{
					container: 'metrics-server',
				},
			),
		})
		expect(causesOf(judgeFiles(files))['firewall-blocks']).toBe('certain')
	})

	it('opens ufw where ufw is on, with the networks of this cluster', () => {
		const files = twoNodes({
			...closed,
			'commands/ufw-status.txt': 'Status: active\n22/tcp ALLOW IN Anywhere\n',
			'files/etc/rancher/k3s/config.yaml': 'cluster-cidr: 10.52.0.0/16\nservice-cidr: 10.53.0.0/16\n',
		})
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'firewall-blocks')
		const runs = found?.remedies[0]?.steps.map(step => ('run' in step ? step.run.join(' ') : ''))
		expect(runs).toEqual([
			'ufw allow 6443/tcp',
			'ufw allow 8472/udp',
			'ufw allow 10250/tcp',
			'ufw allow from 10.52.0.0/16 to any',
			'ufw allow from 10.53.0.0/16 to any',
		])
	})

	it('is silent on a closed host that lets the cluster in, and on one that is alone', () => {
		const open = iptables(
			['-A INPUT -i lo -j ACCEPT', '-A INPUT -s 10.0.0.0/24 -j ACCEPT', '-A INPUT -s 10.42.0.0/16 -j ACCEPT'],
			{ input: 'DROP' },
		)
		expect(causesOf(judgeFiles(twoNodes(open)))).toEqual({})
		const alone = {
			...running(),
			...links([eth0]),
			...iptables(['-A INPUT -p tcp --dport 22 -j ACCEPT'], { input: 'DROP' }),
		}
		expect(causesOf(judgeFiles(alone))).toEqual({})
	})

	it('is silent on listeners that are simply not on the loopback interface', () => {
		const files = {
			...deaf([]),
			...ports(['127.0.0.1', 7443, 'refused'], ['127.0.0.1', 10250, 'open']),
			...http(['https://127.0.0.1:7443/ping', 0]),
		}
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('firewall-blocks')
	})

	it('is silent on a server that is off', async () => {
		const said =
			'time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at https://10.0.0.5:6443: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": context deadline exceeded"'
		const files = waitingAgent(said, {
			...joins('https://10.0.0.5:6443'),
			...ports(['10.0.0.5', 6443, 'timeout']),
			...links([eth0]),
			...neighbours(['10.0.0.5', 'FAILED']),
			'commands/systemctl-show.txt': unitShow(
				{ Id: 'k3s-agent.service', ActiveState: 'activating', SubState: 'start' },
				['/usr/local/bin/k3s agent'],
			),
		})
		expect(rootsOf(judgeFiles(files, agentNode))).toEqual(['api-unreachable'])
	})

	it('knows the recorded rule under another form', async () => {
		const examination = await judgeRecording('api-blocked-local', {
			'commands/iptables-save.txt': text =>
				text.replace(
					/-A INPUT -p tcp -m multiport[^\n]*/,
					'-A INPUT -p tcp -m tcp --dport 1024:65535 -j REJECT --reject-with icmp-port-unreachable',
				),
		})
		expect(rootsOf(examination)).toEqual(['firewall-blocks'])
	})

	it('knows that ufw limit is too tight for k3s', () => {
		const said =
			'time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at https://127.0.0.1:6443: failed to get CA certs: Get \\"https://127.0.0.1:6443/cacerts\\": read: connection reset by peer"'
		const ufw = (verb: string) => ({
			...iptables([]),
			'commands/ufw-status.txt': `Status: active\n\nTo Action From\n6443/tcp                   ${verb}    Anywhere\n`,
		})
		expect(
			causesOf(judgeFiles(waitingAgent(said, { ...joins(), ...ufw('LIMIT IN') }), agentNode)),
		).toHaveProperty('firewall-blocks')
		expect(
			causesOf(judgeFiles(waitingAgent(said, { ...joins(), ...ufw('ALLOW IN') }), agentNode)),
		).not.toHaveProperty('firewall-blocks')
	})
})
