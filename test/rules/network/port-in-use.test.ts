import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { agentNode, agentUnit } from '../agent.js'
import { journalText, running, type Said } from '../unit.js'
import { http, listening, ports } from './net-text.js'

describe('port-in-use', () => {
	const bind = (what: string) => `time="2026-11-21T04:00:05Z" level=fatal msg="${what}"`
	const crashingAgent = (word: string, more: Record<string, string>) =>
		judgeFiles(
			{
				'commands/systemctl-show.txt': agentUnit({
					ActiveState: 'activating',
					SubState: 'auto-restart',
					Result: 'exit-code',
					NRestarts: '3',
				}),
				'journal/k3s-agent.log': journalText(
					[
						[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
						[
							1,
							'k3s',
							'time="2026-11-21T04:00:01Z" level=info msg="Starting k3s agent v1.28.3+k3s1 (abcdef12)"',
						],
						[2, 'k3s', word],
						[2, 'systemd', '%u: Main process exited, code=exited, status=1/FAILURE'],
						[2, 'systemd', "%u: Failed with result 'exit-code'."],
					],
					'k3s-agent.service',
				),
				...more,
			},
			agentNode,
		)

	it('fires on the words of an old version, and names the holder', () => {
		const examination = crashingAgent(
			bind('Error starting load balancer: listen tcp 127.0.0.1:6444: bind: address already in use'),
			listening(['127.0.0.1:6444', 'haproxy', 812]),
		)
		expect(rootsOf(examination)).toEqual(['port-in-use'])
		expect(JSON.stringify(examination.report.diagnoses[0]?.findings)).toContain('haproxy (pid 812')
	})

	it('fires where another program answers on the port of the API, without any bind error', () => {
		const said =
			'time="2026-11-21T04:00:20Z" level=error msg="Failed to validate connection to cluster at https://127.0.0.1:6443: failed to get CA certs: Get \\"https://127.0.0.1:6443/cacerts\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"'
		const [, ...start] = waitingLines(said)
		const files = {
			'commands/systemctl-show.txt':
				running()
					['commands/systemctl-show.txt']?.replace('ActiveState=active', 'ActiveState=activating')
					.replace('SubState=running', 'SubState=start') ?? '',
			'journal/k3s.log': journalText(start),
			'commands/date.txt': '2026-11-21T04:00:40Z\n',
			...listening(['[::]:6443'], ['0.0.0.0:6443', 'haproxy', 812]),
			...http(['https://127.0.0.1:6443/ping', 0, '', 28]),
			...ports(['127.0.0.1', 6443, 'open']),
		}
		expect(rootsOf(judgeFiles(files))[0]).toBe('port-in-use')
		const answers = { ...files, ...http(['https://127.0.0.1:6443/ping', 200, 'pong']) }
		expect(rootsOf(judgeFiles(answers))).not.toContain('port-in-use')
	})

	it('is silent on a node that runs beside a listener that does no harm', () => {
		const files = running(listening(['127.0.0.1:6444'], ['0.0.0.0:6444', 'socat', 900], ['[::]:6443']))
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('is silent on ports of k3s itself, and only a hint where the end was another', () => {
		const ownPorts = listening(['[::]:10250', 'k3s-agent'])
		expect(causesOf(crashingAgent(bind('Error: something else'), ownPorts))).not.toHaveProperty('port-in-use')
		const foreign = listening(['0.0.0.0:10250', 'kubelite', 44])
		expect(causesOf(crashingAgent(bind('Error: something else'), foreign))['port-in-use']).toBe('possible')
	})
})

function waitingLines(said: string): Said[] {
	const begin = 'time="2026-11-21T04:00:00Z" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'
	return [
		[0, 'systemd', 'x'],
		[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[0, 'k3s', begin],
		...[5, 12, 20].map((second): Said => [second, 'k3s', said]),
	]
}
