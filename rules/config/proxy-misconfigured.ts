import { fact, hint, interruptsOfRestart, log, proof, rule, serverUrl, strong } from '../../src/rule.js'
import { failedPulls } from '../images/pulls.js'

const proxyKeys = [
	'HTTPS_PROXY',
	'HTTP_PROXY',
	'https_proxy',
	'http_proxy',
	'CONTAINERD_HTTPS_PROXY',
	'CONTAINERD_HTTP_PROXY',
]

/** A proxy's answer where the kubelet's own would stand: Go tells only the status of a tunnel that was not opened. */
const toNode =
	/Get \\*"https:\/\/(?<host>[A-Za-z0-9.-]{1,253}):10250\/[^"\n]{0,300}\\*": (?<why>Forbidden|Bad Gateway|Service Unavailable|Gateway Time-?out|Host Unknown|Proxy Authentication Required|proxyconnect [^\n]{1,200})/i

const throughProxy = /proxyconnect tcp: (?<why>[^\n]{1,200})/

/** Does a NO_PROXY list cover this host? Suffixes and exact names; networks by their text only. */
function covers(list: string, host: string): boolean {
	return list
		.split(',')
		.map(entry => entry.trim().replace(/^\*?\.?/, ''))
		.filter(Boolean)
		.some(entry => entry === host || host.endsWith(`.${entry}`) || inNetwork(host, entry))
}

function inNetwork(host: string, cidr: string): boolean {
	const [network = '', bits] = cidr.split('/')
	const number = (text: string) =>
		/^\d+(\.\d+){3}$/.test(text)
			? text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
			: Number.NaN
	const size = 2 ** (32 - Number(bits))
	return bits !== undefined && Math.floor(number(host) / size) === Math.floor(number(network) / size)
}

export default rule({
	cause: 'proxy-misconfigured',
	title: 'A proxy setting sends cluster traffic to the proxy, or blocks the way out',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		"k3s's service environment names an HTTP proxy. What must not go through it (the server, the other nodes) has to stand in NO_PROXY; k3s adds only its own pod and service networks. A proxy that does not answer or refuses breaks image pulls as well.",
	docs: ['https://docs.k3s.io/advanced#configuring-an-http-proxy'],
	signs: [
		log(/proxyconnect tcp: (?<why>.+)/, ({ why }) => `the proxy could not be reached: ${why}`),
		fact(['cluster'], (_have, evidence) => {
			const pull = failedPulls(evidence).find(
				({ source, text }) => source === 'cluster' && throughProxy.test(text),
			)
			const { why = '' } = throughProxy.exec(pull?.text ?? '')?.groups ?? {}
			const named = proxyKeys.some(name => evidence.config?.environment.get(name))
			return (
				pull &&
				(named && pull.repeated ? proof : strong)(
					'cluster',
					`${pull.image} cannot be fetched: the proxy could not be reached: ${why}`,
					pull.cite,
				)
			)
		}),
		log(/proxyconnect tcp: (?<why>.+)/, ({ why }) => `containerd could not reach the proxy: ${why}`, {
			in: 'containerd',
		}),
		log(
			/unsupported proxy scheme|failed to create proxy dialer/,
			'k3s cannot use the proxy that its environment names',
		),
		log(/Proxy Authentication Required|status(?: code)?:? 407\b/, 'the proxy wants credentials', {
			weight: 'hint',
		}),
		log(toNode, ({ host, why }) => `a request to the kubelet of ${host} was answered by the proxy: ${why}`, {
			neverProof: true,
			if: ({ config }, { count }, { host = '' }) => {
				const list = config?.environment.get('NO_PROXY') ?? config?.environment.get('no_proxy') ?? ''
				return count > 1 && proxyKeys.some(name => config?.environment.get(name)) && !covers(list, host)
			},
		}),
		fact(['config', 'service'], ({ config, service }) => {
			const key = proxyKeys.find(name => config.environment.get(name))
			const server = serverUrl(config)
			if (!key || !server || service.state === 'running') return undefined
			const list = config.environment.get('NO_PROXY') ?? config.environment.get('no_proxy') ?? ''
			if (covers(list, server.host)) return undefined
			return hint('config', `${key} is set and NO_PROXY does not hold the server ${server.host}`)
		}),
	],
	leadsTo: ['api-unreachable', 'registry-unreachable', 'airgap-images-missing', 'egress-broken'],
	remedies: ({ node, config }) => {
		const server = serverUrl(config)
		const list = [
			'127.0.0.0/8',
			'10.0.0.0/8',
			'172.16.0.0/12',
			'192.168.0.0/16',
			...(server ? [server.host] : []),
		]
		return [
			{
				title: 'Put the nodes and the server into NO_PROXY',
				why: 'Traffic inside the cluster must not go through the proxy. The installer only keeps the variables that were set when it ran.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `In /etc/systemd/system/${node.unit}.env set, with the networks of your nodes:`,
						commands: [`NO_PROXY=${list.join(',')}`],
					},
					{ tell: 'Then:', commands: ['systemctl daemon-reload', `systemctl restart ${node.unit}`] },
				],
				backup: [`/etc/systemd/system/${node.unit}.env`],
				recheck: ['config', 'journal', 'probes'],
			},
		]
	},
})
