/** Raw answers of an agent's host for tests of rules. */
import { journalText, unitShow } from './unit.js'

export const agentNode = { role: 'agent', unit: 'k3s-agent.service' } as const

export const agentUnit = (changes: Record<string, string> = {}) =>
	unitShow({ Id: 'k3s-agent.service', ...changes }, ['/usr/local/bin/k3s agent'])

/** The agent's environment file, its token masked. */
export const joins = (url = 'https://rancher.example:6443') => ({
	'files/etc/systemd/system/k3s-agent.service.env': `K3S_TOKEN=<redacted>\nK3S_URL='${url}'\n`,
})

/** Files of an agent that waits, saying `body` again and again; taken 40 s after its start. */
export function waitingAgent(body: string, more: Record<string, string> = {}): Record<string, string> {
	const again = [1, 8, 15, 22].map(second => [second, 'k3s', body] as [number, string, string])
	const begins = 'time="2026-11-21T04:00:00Z" level=info msg="Starting k3s agent v1.33.4+k3s1 (abcdef12)"'
	return {
		'commands/systemctl-show.txt': agentUnit({ ActiveState: 'activating', SubState: 'start' }),
		'journal/k3s-agent.log': journalText(
			[[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'], [0, 'k3s', begins], ...again],
			'k3s-agent.service',
		),
		'commands/date.txt': '2026-11-21T04:00:40,000000000+00:00\n',
		...more,
	}
}
