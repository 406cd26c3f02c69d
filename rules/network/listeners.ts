/** Whose a listening socket is. */
import { type Evidence, listenersOn, type Socket } from '../../src/rule.js'

/** A socket of k3s itself: its processes, or the containerd that it runs. */
function isOurs({ units, processes }: Evidence, { process, pid }: Socket): boolean {
	if (pid !== undefined && pid === units?.own?.mainPid) return true
	if (/^(?:k3s|k3s-server|k3s-agent|containerd|containerd-shim\S*)$/.test(process ?? '')) return true
	const args = pid === undefined ? undefined : processes?.find(other => other.pid === pid)?.args
	return /^(?:\S*\/)?k3s(?:-server|-agent)?(?: |$)/.test(args ?? '')
}

/** Who else listens there; of a socket whose process could not be seen nothing is said. */
export function foreignOn(
	evidence: Evidence,
	port: number,
	protocol: 'tcp' | 'udp' = 'tcp',
): Socket | undefined {
	const { sockets } = evidence
	return (
		sockets &&
		listenersOn(sockets, port, protocol).find(
			socket => socket.process !== undefined && !isOurs(evidence, socket),
		)
	)
}
