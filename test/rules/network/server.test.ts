import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, agentUnit, joins, waitingAgent } from '../agent.js'
import { goodStart, journalText, running, type Said } from '../unit.js'
import { http, links, neighbours, ports } from './net-text.js'

const cut = (url: string, why = 'EOF') =>
	`time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at ${url}: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": ${why}"`

/** An agent that waits for its server, with what a direct connect gives. */
function agent(url: string, more: Record<string, string>, why?: string) {
	return judgeFiles(
		waitingAgent(cut(url, why), {
			...joins(url),
			'files/etc/resolv.conf': 'nameserver 10.0.0.53\n',
			...more,
		}),
		agentNode,
	)
}

const lost = (peer: string, why: string): Said => [
	60,
	'k3s',
	`time="2026-11-21T04:01:00Z" level=error msg="Remotedialer proxy error; reconnecting..." error="dial tcp ${peer}: ${why}" url="wss://${peer}/v1-k3s/connect"`,
]

function runningAgent(lines: Said[], more: Record<string, string>) {
	return judgeFiles(
		{
			'commands/systemctl-show.txt': agentUnit(),
			'journal/k3s-agent.log': journalText([...goodStart(0), ...lines], 'k3s-agent.service'),
			...joins('https://rancher.example:6443'),
			...more,
		},
		agentNode,
	)
}

describe('api-unreachable', () => {
	it.each(['refused', 'timeout', 'unreachable'])('fires where the port of the server gives: %s', result => {
		const examination = agent('https://192.0.2.7:6443', ports(['192.0.2.7', 6443, result, 900]))
		expect(causesOf(examination)).toMatchObject({ 'api-unreachable': 'certain' })
		expect(rootsOf(examination)).toEqual(['api-unreachable'])
	})

	it('fires on an agent that runs and has lost its server', () => {
		const examination = runningAgent(
			[lost('rancher.example:6443', 'connect: connection refused')],
			ports(['rancher.example', 6443, 'refused']),
		)
		expect(rootsOf(examination)).toEqual(['api-unreachable'])
		const commands = JSON.stringify(examination.report.diagnoses[0]?.remedies)
		expect(commands).toContain('https://rancher.example:6443/ping')
	})

	it('is silent where another server answers, and k3s runs', () => {
		const examination = runningAgent(
			[lost('rancher.example:6443', 'connect: connection refused')],
			ports(['rancher.example', 6443, 'refused'], ['10.0.0.12', 6443, 'open']),
		)
		expect(rootsOf(examination)).not.toContain('api-unreachable')
	})

	it('is silent where the server answers, and on a server that waits for itself', () => {
		const answers = {
			...ports(['rancher.example', 6443, 'open']),
			...http(['https://rancher.example:6443/ping', 200, 'pong']),
		}
		expect(causesOf(runningAgent([], answers))).toEqual({})
		const own =
			'time="2026-11-21T04:00:10Z" level=info msg="Waiting to retrieve kube-proxy configuration; server is not ready: failed to get CA certs: Get \\"https://127.0.0.1:6443/cacerts\\": dial tcp 127.0.0.1:6443: connect: connection refused"'
		expect(causesOf(judgeFiles(running({}, [[5, 'k3s', own]])))).not.toHaveProperty('api-unreachable')
	})

	it('is silent where the words are about the token', () => {
		const refused =
			'time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at https://192.0.2.7:6443: token CA hash does not match the Cluster CA certificate hash"'
		const files = waitingAgent(refused, {
			...joins('https://192.0.2.7:6443'),
			...ports(['192.0.2.7', 6443, 'open']),
			...http(['https://192.0.2.7:6443/ping', 200, 'pong']),
		})
		expect(causesOf(judgeFiles(files, agentNode))).not.toHaveProperty('api-unreachable')
	})
})

describe('server-url-wrong', () => {
	it.each([
		['http://10.1.1.1:6443', 'only https:// URLs are supported, invalid scheme: http://127.0.0.1:6444'],
		['rancher.example', 'only https:// URLs are supported, invalid scheme: rancher.example'],
	])('fires on %s', (url, why) => {
		const said = `time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at ${url}: ${why}"`
		const examination = judgeFiles(waitingAgent(said, joins(url)), agentNode)
		expect(rootsOf(examination)[0]).toBe('server-url-wrong')
		expect(causesOf(examination)).toMatchObject({ 'server-url-wrong': 'certain' })
	})

	it('fires on a port that refuses while 6443 is open, and offers that', () => {
		const examination = agent(
			'https://192.0.2.7:9345',
			ports(['192.0.2.7', 9345, 'refused'], ['192.0.2.7', 6443, 'open']),
		)
		expect(causesOf(examination)).toMatchObject({ 'server-url-wrong': 'certain' })
		expect(rootsOf(examination)).toEqual(['server-url-wrong'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			editEnv: '/etc/systemd/system/k3s-agent.service.env',
			set: { K3S_URL: 'https://192.0.2.7:6443' },
		})
	})

	it('fires on a port where something else answers', () => {
		const examination = agent('https://lb.example:443', {
			...ports(['lb.example', 443, 'open']),
			...http(
				['https://lb.example:443/cacerts', 404, '404 page not found'],
				['https://lb.example:443/ping', 404, ''],
			),
		})
		expect(rootsOf(examination)[0]).toBe('server-url-wrong')
	})

	it('fires on a name that does not exist, and knows which one was meant', () => {
		const examination = agent('https://rancher.exmaple.org:6443', {
			...ports(['rancher.exmaple.org', 6443, 'unresolved', 12]),
			'files/etc/hosts': '127.0.0.1 localhost\n10.0.0.9 rancher.example.org\n',
		})
		expect(rootsOf(examination)).toEqual(['server-url-wrong'])
		expect(JSON.stringify(examination.report.diagnoses[0]?.findings)).toContain(
			'slip of the pen for rancher.example.org',
		)
	})

	it('fires on an agent that was told to join itself', () => {
		const examination = agent('https://10.0.0.21:6443', {
			...ports(['10.0.0.21', 6443, 'refused']),
			...links([{ name: 'ens3', address: '10.0.0.21/24' }]),
		})
		expect(rootsOf(examination)[0]).toBe('server-url-wrong')
	})

	it('is silent where the host refuses both ports: nothing runs there', () => {
		const both = ports(['192.0.2.7', 7443, 'refused'], ['192.0.2.7', 6443, 'refused'])
		const examination = agent('https://192.0.2.7:7443', both)
		expect(rootsOf(examination)).toEqual(['api-unreachable'])
	})

	it('is silent on an agent that runs, whatever its URL', () => {
		const examination = runningAgent([], {
			...joins('https://rancher.example:443'),
			...ports(['rancher.example', 443, 'open']),
			...http(['https://rancher.example:443/ping', 200, 'pong']),
		})
		expect(causesOf(examination)).toEqual({})
	})
})

describe('recorded agents under other names', () => {
	const rename = (from: RegExp, to: string) => (text: string) => text.replace(from, to)

	it('with a wrong port', async () => {
		const to = rename(/8443/g, '16443')
		const examination = await judgeRecording('agent-url-wrong-port', {
			'files/etc/systemd/system/k3s-agent.service.env': to,
			'probes/ports.json': to,
			'probes/http.json': to,
			'journal/k3s-agent.log': to,
		})
		expect(rootsOf(examination)).toEqual(['server-url-wrong'])
	})

	it('with a resolver that is silent: not the URL', async () => {
		const to = rename(/s1\.lab\.example/g, 'k3s.prod.corp')
		const examination = await judgeRecording('agent-dns-dead', {
			'files/etc/systemd/system/k3s-agent.service.env': to,
			'probes/ports.json': to,
			'probes/http.json': to,
			'journal/k3s-agent.log': to,
		})
		expect(rootsOf(examination)).toEqual(['host-dns-broken'])
	})

	it('with a server that swallows packets or is off', async () => {
		const off = await judgeRecording('agent-server-host-gone', neighbours(['10.99.0.11', 'FAILED']))
		expect(rootsOf(off)).toEqual(['api-unreachable'])
		const silent = await judgeRecording('agent-server-host-gone', {
			...neighbours(['10.99.0.11', 'REACHABLE', '1e:5e:4b:9b:b9:a4']),
			'probes/ports.json': text =>
				text
					.replace('"result": "unreachable"', '"result": "timeout"')
					.replace('"result":"unreachable"', '"result":"timeout"'),
		})
		expect(rootsOf(silent)).toEqual(['firewall-blocks'])
	})
})
