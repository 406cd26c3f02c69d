/** Starts of k3s that end or do not: recorded nodes whose journal tells another fault, on the same host, of the same k3s. */
import type { HealthyFiles } from '../healthy/node.js'
import { keepsSaying } from './journal.js'
import { logrus } from './lines.js'
import { recorded } from './recorded.js'

export const healthyConfig = 'disable:\n  - traefik\nwrite-kubeconfig-mode: "0640"\n'
const configFile = 'files/etc/rancher/k3s/config.yaml'
const serverLog = 'journal/k3s.log'
const agentLog = 'journal/k3s-agent.log'

/** Lines of k3s after the first: they get the time and the speaker of the line that they stand for. */
function retold(line: string, words: readonly string[]): string {
	const [head = ''] = /^\S+ \S+ k3s\[\d+\]: /.exec(line) ?? []
	const [, at = ''] = /^(\S{19})/.exec(line) ?? []
	return words
		.map(
			word =>
				`${head}${word.replace(/^(?<level>info|warning|error|fatal) (?<text>.*)$/s, (_all, level, text) => logrus(level, text, `${at}Z`))}`,
		)
		.join('\n')
}

function retell(node: HealthyFiles, file: string, line: RegExp, words: readonly string[]): void {
	node.change(file, text =>
		text
			.split('\n')
			.map(said => (line.test(said) ? retold(said, words) : said))
			.join('\n'),
	)
}

/** A server whose k3s ends right after its start, again and again. `words`: `fatal Error: …`, or a line as it stands. */
export async function serverEnds(words: readonly string[], config = healthyConfig): Promise<HealthyFiles> {
	const node = await recorded('config-bad-cidr')
	retell(node, serverLog, /level=fatal msg="Error: invalid service-cidr/, words)
	node.put(configFile, config)
	return node
}

/** A server whose start does not end, saying this again and again. */
export async function serverWaits(words: string, config = healthyConfig): Promise<HealthyFiles> {
	const node = await serverEnds([], config)
	const lines = node.text(serverLog).split('\n')
	const begin = lines.findLastIndex(line => line.includes('Starting k3s.service'))
	const former = lines.findLastIndex((line, index) => index < begin && line.includes('Starting k3s.service'))
	const [, at = ''] = /^(\S{19})/.exec(lines[begin] ?? '') ?? []
	const started = Date.parse(`${at}Z`)
	const said = Array.from({ length: 40 }, (_, index) => {
		const time = new Date(started + 2000 + index * 6000).toISOString()
		const head = `${time.replace('Z', '000+0000')} ${node.host} k3s[1394]: `
		return retold(`${head}x`, index === 0 ? ['info Starting k3s v1.36.2+k3s1 (af977adf)', words] : [words])
	})
	// The failed starts of the recording were another fault.
	node.put(serverLog, [...lines.slice(0, former), lines[begin], ...said, ''].join('\n'))
	node.change('commands/systemctl-show.txt', text =>
		text
			.replace(/ActiveState=\w+/, 'ActiveState=activating')
			.replace(/SubState=[\w-]+/, 'SubState=start')
			.replace('Result=exit-code', 'Result=success')
			.replace(/NRestarts=\d+/, 'NRestarts=0'),
	)
	node.put('commands/date.txt', `${new Date(started + 245_000).toISOString().slice(0, 19)},000000000+00:00\n`)
	return node
}

/** A server one of whose components ends, and k3s with it. */
export async function serverShutsDown(
	reason: string,
	{ config = healthyConfig, before = [] }: { config?: string; before?: string[] } = {},
): Promise<HealthyFiles> {
	const node = await recorded('apiserver-arg-missing-file')
	retell(node, serverLog, /k3s\[\d+\]: Error: loading audit policy/, [...before])
	node.change(serverLog, text =>
		text
			.split('\n')
			.filter(line => line !== '')
			.join('\n')
			.concat('\n')
			.replaceAll(/ --audit-(?:policy-file|log-path)=\S+/g, ''),
	)
	retell(node, serverLog, /msg="Shutdown request received: .*audit policy/, [
		`error Shutdown request received: ${JSON.stringify(reason)}`,
	])
	node.put(configFile, config)
	return node
}

/** An agent that waits, saying this again and again. */
export async function agentWaits(words: string): Promise<HealthyFiles> {
	const node = await recorded('agent-node-password')
	retell(node, agentLog, /Waiting to retrieve agent configuration/, [words])
	return node
}

/** A server whose k3s runs well, and says these lines every ten seconds for the last five minutes. */
export async function serverSays(words: readonly string[], name = 'healthy-server'): Promise<HealthyFiles> {
	const node = await recorded(name, 45)
	keepsSaying(node, words)
	return node
}

/** k3s was ended by SIGKILL, with the result that systemd tells. */
export function killed(node: HealthyFiles, result: 'oom-kill' | 'signal'): void {
	node.change(serverLog, text =>
		text
			.replaceAll(
				'Main process exited, code=exited, status=1/FAILURE',
				'Main process exited, code=killed, status=9/KILL',
			)
			.replaceAll("Failed with result 'exit-code'", `Failed with result '${result}'`),
	)
	node.change('commands/systemctl-show.txt', text => text.replace('Result=exit-code', `Result=${result}`))
}
