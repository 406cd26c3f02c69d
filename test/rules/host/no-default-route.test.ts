import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, waitingAgent } from '../agent.js'
import { crashing, running } from '../unit.js'
import { network } from './host-text.js'

const word = 'Error: no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"'
const isolated = network([{ name: 'enp3s0', address: '192.168.7.20' }], { route: false })

describe('no-default-route', () => {
	it('fires with another interface, and offers the recipe for isolated hosts', () => {
		const examination = judgeFiles(crashing(word, isolated))
		expect(rootsOf(examination)).toEqual(['no-default-route'])
		const [restore, dummy] = examination.report.diagnoses[0]?.remedies ?? []
		expect(JSON.stringify(restore)).toContain('dev enp3s0')
		expect(dummy?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			set: { 'node-ip': '192.168.7.20', 'flannel-iface': 'enp3s0' },
		})
	})

	it('fires in the words of old versions, of flannel and of an agent', () => {
		for (const old of [
			'apiserver exited: unable to select an IP from default routes.',
			'Shutdown request received: "flannel exited: failed to find the interface: failed to get default interface: unable to find default route"',
		])
			expect(causesOf(judgeFiles(crashing(old, isolated)))).toMatchObject({ 'no-default-route': 'certain' })
		const body =
			'time="2026-11-21T04:00:00Z" level=info msg="Waiting to retrieve agent configuration; server is not ready: failed to get node name and addresses: no default routes found in \\"/proc/net/route\\""'
		expect(causesOf(judgeFiles(waitingAgent(body, isolated), agentNode))).toMatchObject({
			'no-default-route': 'certain',
		})
	})

	it('warns on a node that runs: it will not start again', () => {
		expect(judgeFiles(running(isolated)).report.diagnoses[0]).toMatchObject({
			cause: 'no-default-route',
			severity: 'warning',
			confidence: 'likely',
		})
	})

	it('sees a default route without a usable address', () => {
		const linkLocal = network([{ name: 'dummy0', address: '169.254.255.254' }])
		const files = crashing('Error: apiserver exited: unable to select an IP from default routes.', linkLocal)
		const [diagnosis] = judgeFiles(files).report.diagnoses
		expect(diagnosis?.findings.map(({ says }) => says).join()).toContain('leads out on dummy0')
	})

	it('is silent on a host that was told its address and interface', async () => {
		const told = { 'files/etc/rancher/k3s/config.yaml': 'node-ip: 192.168.7.20\nflannel-iface: enp3s0\n' }
		expect(causesOf(judgeFiles(running({ ...isolated, ...told })))).not.toHaveProperty('no-default-route')
		expect(causesOf(judgeFiles(running(network([{ address: 'fd00::7' }]))))).not.toHaveProperty(
			'no-default-route',
		)
		expect(causesOf(await judgeRecording('healthy-server'))).not.toHaveProperty('no-default-route')
	})
})
