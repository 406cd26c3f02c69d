/** What came of the doctor's own attempts to reach something. */
import type { HealthyFiles } from '../healthy/node.js'

interface PortProbe {
	host: string
	result: string
	ms: number
}

interface HttpProbe {
	url: string
	status: number
	body: string
	exit: number
}

function reprobe<Probe>(node: HealthyFiles, file: string, change: (probe: Probe) => Probe): void {
	node.change(file, text => JSON.stringify((JSON.parse(text) as Probe[]).map(change)))
}

/** HTTP requests whose URL has this in it get no answer; `exit` as curl gives it. */
export function noAnswer(node: HealthyFiles, within: string, exit: number): void {
	reprobe<HttpProbe>(node, 'probes/http.json', probe =>
		probe.url.includes(within) ? { ...probe, status: 0, body: '', exit } : probe,
	)
}

/** A host refuses, or lets every attempt run out of time. */
export function unreachable(node: HealthyFiles, host: string, result: 'refused' | 'timeout'): void {
	reprobe<PortProbe>(node, 'probes/ports.json', probe =>
		probe.host === host ? { ...probe, result, ...(result === 'timeout' && { ms: 3000 }) } : probe,
	)
	noAnswer(node, host, result === 'timeout' ? 28 : 7)
}
