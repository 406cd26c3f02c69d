/** What answers: connects to k3s's ports and to the hosts that this node depends on, their certificates, their health. */
import type { Bundle } from '../model/bundle.js'
import type { ProbesEvidence } from '../model/evidence/index.js'
import type { Endpoint } from './endpoints.js'
import { readHttp, readPorts, readTls } from './probes/read.js'
import { targetsFor } from './probes/targets.js'
import { askSettings } from './settings.js'
import { establishedCommand, establishedFile } from './sockets.js'
import { type Ask, source } from './source.js'

const portsFile = 'probes/ports.json'
const httpFile = 'probes/http.json'
const tlsFile = 'probes/tls.json'

const limitMs = 3000
/** A server under load takes seconds to answer, and slow is not dead. */
const answerMs = 5000

function parse(bundle: Bundle): ProbesEvidence | undefined {
	const ports = bundle.files.get(portsFile)
	const http = bundle.files.get(httpFile)
	const tls = bundle.files.get(tlsFile)
	if (ports === undefined && http === undefined && tls === undefined) return undefined
	return { ports: readPorts(ports, portsFile), http: readHttp(http, httpFile), tls: readTls(tls) }
}

/** One object a line, so that a quote is a line. */
function listed(objects: readonly unknown[]): string {
	return objects.length === 0
		? '[]\n'
		: `[\n${objects.map(object => JSON.stringify(object)).join(',\n')}\n]\n`
}

function key({ host, port }: Endpoint): string {
	return `${host} ${port}`
}

async function collect(ask: Ask): Promise<void> {
	const { host, node } = ask
	const agent = `${node.dataDir}/agent/etc`
	const [settings, registries, etcd, established, ...balancers] = await Promise.all([
		askSettings(ask),
		ask.file('/etc/rancher/k3s/registries.yaml'),
		ask.file(`${node.dataDir}/server/db/etcd/config`),
		ask.run(establishedFile, establishedCommand),
		ask.file(`${agent}/k3s-agent-load-balancer.json`),
		ask.file(`${agent}/k3s-api-server-agent-load-balancer.json`),
		ask.file(`${agent}/k3s-etcd-server-load-balancer.json`),
	])
	const targets = targetsFor({ settings, registries, etcd, established, balancers })
	const wantsTls = new Set(targets.tls.map(key))
	const began = performance.now()

	const dial = async (target: Endpoint) => {
		const { result, ms } = await host.dial(target.host, target.port, limitMs)
		const port = { host: target.host, port: target.port, proto: 'tcp', result, ms: Math.round(ms) }
		if (result !== 'open' || !wantsTls.has(key(target))) return { port }
		const { certificates, error } = await host.tls(target.host, target.port, limitMs)
		return { port, tls: { host: target.host, port: target.port, certificates, ...(error && { error }) } }
	}
	const get = async (url: string) => {
		const { status, body, exit } = await host.get(url, answerMs)
		return { url, status, body, exit }
	}
	const [dialled, got] = await Promise.all([
		Promise.all(targets.ports.map(dial)),
		Promise.all(targets.urls.map(get)),
	])

	const how = { ms: Math.round(performance.now() - began) }
	ask.put(portsFile, listed(dialled.map(({ port }) => port)), how)
	ask.put(tlsFile, listed(dialled.flatMap(({ tls }) => tls ?? [])), how)
	ask.put(httpFile, listed(got), how)
}

export const probes = source({
	name: 'probes',
	title: 'ports and health answers',
	wants: node => {
		const port = node.role === 'agent' ? 6444 : 6443
		return [
			{ file: portsFile, askFor: `nc -vz 127.0.0.1 ${port}` },
			{ file: httpFile, askFor: `curl -sk https://127.0.0.1:${port}/ping` },
			{
				file: tlsFile,
				askFor: `openssl s_client -connect 127.0.0.1:${port} -showcerts`,
				optional: true,
			},
		]
	},
	collect,
	parse,
})
