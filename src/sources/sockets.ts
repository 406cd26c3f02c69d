/** Who listens on which port, and which connections stand. */
import { type Bundle, fileOf } from '../model/bundle.js'
import type { SocketsEvidence } from '../model/evidence/index.js'
import { readProcNet } from './sockets/proc-net.js'
import { readSs } from './sockets/ss.js'
import { type Ask, source } from './source.js'

const listeningFile = 'commands/ss-listening.txt'
export const establishedFile = 'commands/ss-established.txt'
export const establishedCommand = ['ss', '-H', '-tn', 'state', 'established'] as const

const procFiles = [
	['/proc/net/tcp', 'tcp'],
	['/proc/net/tcp6', 'tcp'],
	['/proc/net/udp', 'udp'],
	['/proc/net/udp6', 'udp'],
] as const

function parse(bundle: Bundle): SocketsEvidence | undefined {
	const listening = bundle.files.get(listeningFile)
	const established = bundle.files.get(establishedFile)
	if (listening !== undefined) {
		const first = readSs(listening, listeningFile)
		const second = readSs(established, establishedFile)
		return { listening: first.listening, established: [...first.established, ...second.established] }
	}
	const tables = procFiles.filter(([path]) => bundle.files.has(fileOf(path)))
	// UDP alone does not tell who listens.
	if (!tables.some(([, protocol]) => protocol === 'tcp')) return undefined
	const read = tables.map(([path, protocol]) =>
		readProcNet(bundle.files.get(fileOf(path)), fileOf(path), protocol),
	)
	return {
		listening: read.flatMap(table => table.listening),
		established: read.flatMap(table => table.established),
	}
}

async function collect(ask: Ask): Promise<void> {
	const [listening] = await Promise.all([
		ask.run(listeningFile, ['ss', '-H', '-tulpn']),
		ask.run(establishedFile, establishedCommand),
	])
	if (listening === undefined) await Promise.all(procFiles.map(([path]) => ask.file(path)))
}

export const sockets = source({
	name: 'sockets',
	title: 'ports and connections',
	wants: node => [
		{ file: listeningFile, askFor: 'ss -tulpn', optional: node.init !== 'systemd' },
		{ file: establishedFile, askFor: 'ss -tn state established', optional: true },
	],
	collect,
	parse,
})
