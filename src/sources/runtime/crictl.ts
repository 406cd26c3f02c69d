/** How crictl is called on this host, and what it said when it had no answer. */
import type { Host } from '../../host/host.js'
import type { Entry, NodeFacts } from '../../model/bundle.js'
import type { Argv } from '../../model/remedy.js'
import { decodeLine } from '../journal/line.js'

export const questions = {
	'crictl/version.txt': ['version'],
	'crictl/info.json': ['info'],
	'crictl/ps.json': ['ps', '-a', '-o', 'json'],
	'crictl/pods.json': ['pods', '-o', 'json'],
	'crictl/images.json': ['images', '-o', 'json'],
	'crictl/imagefsinfo.json': ['imagefsinfo'],
} as const

export type CrictlFile = keyof typeof questions

const limit = '--timeout=5s'

/** Where k3s's install script and packages put the binary. */
const binaryPlaces = ['/usr/local/bin/k3s', '/usr/bin/k3s', '/opt/bin/k3s']

export const defaultSocket = '/run/k3s/containerd/containerd.sock'

/** The first words of every call: `k3s crictl`, or the crictl that k3s unpacked, or whatever crictl is there. */
export async function crictlCommand(host: Host, node: NodeFacts, socket: string): Promise<Argv> {
	for (const place of binaryPlaces) if ((await host.stat(place)).ok) return ['k3s', 'crictl', limit]
	const unpacked = `${node.dataDir}/data/current/bin/crictl`
	const binary = (await host.stat(unpacked)).ok ? unpacked : 'crictl'
	return [binary, `--runtime-endpoint=unix://${socket}`, limit]
}

/** The socket in crictl.yaml, which k3s writes: cri-dockerd and `--container-runtime-endpoint` have others. */
export async function runtimeSocket(host: Host, node: NodeFacts): Promise<string> {
	const config = await host.read(`${node.dataDir}/agent/etc/crictl.yaml`)
	const endpoint =
		config.ok && /^runtime-endpoint:\s*["']?(?:unix:\/\/)?(\/[\w./-]+)/m.exec(config.value.text)
	return endpoint ? (endpoint[1] ?? defaultSocket) : defaultSocket
}

/** crictl's last word: `validate service connection: … connect: no such file or directory`. */
export function crictlError(entry: Entry): string | undefined {
	return !entry.why && !entry.exit ? undefined : lastWord(entry.stderr ?? '')
}

export function lastWord(stderr: string): string | undefined {
	const lines = stderr.split('\n').filter(line => line.trim())
	// Warnings of grpc and about config.yaml stand before the line that ended it.
	const last = lines.findLast(line => line.includes('level=fatal')) ?? lines.at(-1)
	return last === undefined ? undefined : decodeLine(last).text.slice(0, 1000)
}
