import {
	check,
	fail,
	hostArgument,
	type PortProbe,
	pass,
	type Step,
	unseen,
	urlArgument,
} from '../../src/check.js'
import { isFirst, joined } from './joins.js'

const words: Record<PortProbe['result'], string> = {
	open: 'answers',
	refused: 'refuses the connection: k3s does not run there, or listens on another port',
	timeout: 'does not answer: a firewall in between drops it, or the host is down',
	unreachable: 'cannot be reached: there is no route to it',
	unresolved: 'has a name that does not resolve here',
	failed: 'cannot be connected to',
}

export default check({
	id: 'server-answers',
	list: 'preflight',
	title: 'The server answers',
	matters: true,
	explain:
		'A node that joins first fetches the certificates of the authorities from /cacerts of the server, and asks /ping whether it lives. Both need no token.',
	docs: ['https://docs.k3s.io/installation/requirements#networking'],
	needs: ['node'],
	look: (_have, { more }) => {
		const server = joined(more)
		if (!server) {
			if (isFirst(more)) return { because: 'this host joins no other' }
			return unseen('no server is named yet', ['k3s-doctor preflight --server https://SERVER:6443'])
		}
		const url = URL.parse(server.url)
		const origin = urlArgument(url?.origin)
		const host = hostArgument(url?.hostname.replace(/^\[|\]$/g, ''))
		const curl: Step = {
			tell: 'From here:',
			commands: origin === undefined ? ['curl -sk https://SERVER:6443/ping'] : [`curl -vk ${origin}/ping`],
		}
		const { port, ping, cacerts } = server
		if (port && port.result !== 'open')
			return fail(`${server.url} ${words[port.result]}`, {
				source: 'probes',
				quote: port.quote,
				do: [
					port.result === 'unresolved'
						? {
								tell: 'Mend the name:',
								commands: host === undefined ? ['getent hosts SERVER'] : [`getent hosts ${host}`],
							}
						: curl,
					{ tell: 'On the server:', commands: ["ss -Hlntp 'sport = :6443'", 'systemctl status k3s'] },
				],
			})
		if (!port && !ping && !cacerts) return unseen(`nobody has asked ${server.url}`, curl.commands ?? [])
		const pong = ping?.status === 200 && /^pong/.test(ping.body)
		const authorities = cacerts?.status === 200 && cacerts.body.includes('BEGIN CERTIFICATE')
		const said = (probe: typeof ping) =>
			probe === undefined ? 'was not asked' : probe.status === 0 ? 'gave no answer' : `says ${probe.status}`
		if (pong && authorities)
			return pass(`${server.url}: /ping says pong, /cacerts has certificates`, {
				source: 'probes',
				quote: ping.quote,
			})
		return fail(`${server.url} is not a k3s server: /ping ${said(ping)}, /cacerts ${said(cacerts)}`, {
			source: 'probes',
			...(ping && { quote: ping.quote }),
			do: [{ tell: 'A proxy, or something else listens there.' }, curl],
		})
	},
})
