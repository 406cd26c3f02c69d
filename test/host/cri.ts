/**
 * The little of the container runtime interface that tests need: gRPC over HTTP/2 on a Unix socket, spoken with a real
 * containerd. Debian has no crictl; what this returns is what crictl would print as JSON.
 */
import { connect } from 'node:http2'
import { createConnection } from 'node:net'

type Value = string | number | Uint8Array | readonly Value[] | undefined

/** A message as field number -> value; a list stands for a repeated field. */
export type Message = Readonly<Record<number, Value>>

function varint(value: number): number[] {
	const bytes: number[] = []
	let left = BigInt(value)
	while (left > 127n) {
		bytes.push(Number(left & 127n) | 128)
		left >>= 7n
	}
	return [...bytes, Number(left)]
}

export function encode(message: Message): Uint8Array {
	const parts: Uint8Array[] = []
	const put = (field: number, value: Value): void => {
		if (value === undefined) return
		if (Array.isArray(value)) {
			for (const item of value) put(field, item)
			return
		}
		if (typeof value === 'number') {
			parts.push(Uint8Array.from([...varint(field * 8), ...varint(value)]))
			return
		}
		const bytes = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array)
		parts.push(Uint8Array.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes)
	}
	for (const [field, value] of Object.entries(message)) put(Number(field), value)
	return Buffer.concat(parts)
}

type Read = Map<number, (bigint | Buffer)[]>

function decode(bytes: Buffer): Read {
	const read: Read = new Map()
	let at = 0
	const number = (): bigint => {
		let value = 0n
		for (let shift = 0n; ; shift += 7n) {
			const byte = bytes[at++] ?? 0
			value |= BigInt(byte & 127) << shift
			if (byte < 128) return value
		}
	}
	while (at < bytes.length) {
		const key = Number(number())
		const field = key >> 3
		let value: bigint | Buffer
		if ((key & 7) === 0) value = number()
		else {
			const length = Number(number())
			value = bytes.subarray(at, at + length)
			at += length
		}
		read.set(field, [...(read.get(field) ?? []), value])
	}
	return read
}

const texts = (read: Read, field: number) => (read.get(field) ?? []).map(String)
const text = (read: Read, field: number) => texts(read, field)[0] ?? ''
const count = (read: Read, field: number) => Number(read.get(field)?.[0] ?? 0n)
const inner = (read: Read, field: number) =>
	decode((read.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0))
const all = (read: Read, field: number) => (read.get(field) ?? []).map(value => decode(value as Buffer))
const map = (read: Read, field: number) =>
	Object.fromEntries(all(read, field).map(entry => [text(entry, 1), text(entry, 2)]))

/** One call. Throws what the runtime says when it refuses. */
export async function call(socket: string, method: string, request: Message = {}): Promise<Read> {
	const session = connect('http://localhost', { createConnection: () => createConnection(socket) })
	try {
		const body = encode(request)
		const frame = Buffer.alloc(5)
		frame.writeUInt32BE(body.length, 1)
		return await new Promise<Read>((resolve, reject) => {
			session.once('error', reject)
			const stream = session.request({
				':method': 'POST',
				':path': `/runtime.v1.RuntimeService/${method}`,
				'content-type': 'application/grpc',
				te: 'trailers',
			})
			const pieces: Buffer[] = []
			let status = ''
			let said = ''
			const heard = (headers: Record<string, unknown>) => {
				status = String(headers['grpc-status'] ?? status)
				said = decodeURIComponent(String(headers['grpc-message'] ?? said))
			}
			stream.on('response', heard).on('trailers', heard)
			stream.on('data', (piece: Buffer) => pieces.push(piece))
			stream.once('error', reject)
			stream.once('close', () => {
				if (status === '0') resolve(decode(Buffer.concat(pieces).subarray(5)))
				else reject(new Error(`${method}: ${said || `status ${status}`}`))
			})
			stream.end(Buffer.concat([frame, body]))
		})
	} finally {
		session.destroy()
	}
}

const sandboxStates = ['SANDBOX_READY', 'SANDBOX_NOTREADY']
const containerStates = ['CONTAINER_CREATED', 'CONTAINER_RUNNING', 'CONTAINER_EXITED', 'CONTAINER_UNKNOWN']

/** As `crictl pods -o json`. */
export async function listPods(socket: string) {
	const told = await call(socket, 'ListPodSandbox')
	return {
		items: all(told, 1).map(pod => {
			const metadata = inner(pod, 2)
			return {
				id: text(pod, 1),
				metadata: {
					name: text(metadata, 1),
					uid: text(metadata, 2),
					namespace: text(metadata, 3),
					attempt: count(metadata, 4),
				},
				state: sandboxStates[count(pod, 3)],
				createdAt: String(pod.get(4)?.[0] ?? 0n),
				labels: map(pod, 5),
				annotations: map(pod, 6),
			}
		}),
	}
}

/** As `crictl ps -a -o json`. */
export async function listContainers(socket: string) {
	const told = await call(socket, 'ListContainers')
	return {
		containers: all(told, 1).map(container => ({
			id: text(container, 1),
			podSandboxId: text(container, 2),
			metadata: { name: text(inner(container, 3), 1), attempt: count(inner(container, 3), 2) },
			image: { image: text(inner(container, 4), 1) },
			imageRef: text(container, 5),
			state: containerStates[count(container, 6)],
			createdAt: String(container.get(7)?.[0] ?? 0n),
			labels: map(container, 8),
			annotations: map(container, 9),
		})),
	}
}

/** The first field of an answer: an id. */
export function idOf(read: Read): string {
	return text(read, 1)
}
