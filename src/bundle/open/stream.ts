/** Bytes from a file or from standard input: looked at first, then unpacked if need be. */
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export type Bytes = AsyncGenerator<Buffer, void, undefined>

/** Whether compressed data is cut off or damaged, rather than that it could not be read. */
export function isDamage(error: unknown): boolean {
	return String((error as NodeJS.ErrnoException).code).startsWith('Z_')
}

/**
 * The first `wanted` bytes (fewer at the end), and the stream with them still in it.
 * Damaged compressed data among them is thrown when the stream comes to it, not here.
 */
export async function peek(source: Bytes, wanted: number): Promise<{ first: Buffer; all: Bytes }> {
	const chunks: Buffer[] = []
	let length = 0
	let damage: unknown
	while (length < wanted) {
		const { value, done } = await source.next().catch((error: unknown) => {
			if (!isDamage(error)) throw error
			damage = error
			return { value: undefined, done: true }
		})
		if (done || !value) break
		chunks.push(value)
		length += value.length
	}
	const first = Buffer.concat(chunks)
	async function* all(): Bytes {
		try {
			if (first.length > 0) yield first
			if (damage !== undefined) throw damage
			yield* source
		} finally {
			// Given up before the source was ever asked: a file stays open otherwise.
			await source.return()
		}
	}
	return { first, all: all() }
}

export async function* bytesOf(stream: Readable): Bytes {
	for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
}

export function isGzip(first: Buffer): boolean {
	return first[0] === 0x1f && first[1] === 0x8b
}

/** Input bytes that are unpacked at a time: at the worst ratio of deflate (1 : 1032) 16 MiB of output. */
const slice = 16 * 1024

/** Unpacks. Everything that could be unpacked is yielded before the error of a truncated or damaged stream is thrown. */
export async function* gunzip(source: Bytes): Bytes {
	const unpack = createGunzip({ chunkSize: 64 * 1024 })
	let ready: Buffer[] = []
	let failure: Error | undefined
	unpack.on('data', (chunk: Buffer) => ready.push(chunk))
	const failed = new Promise<void>(resolve => {
		unpack.on('error', error => {
			failure = error
			resolve()
		})
	})
	const take = () => {
		const taken = ready
		ready = []
		return taken
	}
	try {
		for await (const chunk of source) {
			for (let at = 0; at < chunk.length && !failure; at += slice) {
				const written = new Promise<void>(resolve => {
					unpack.write(chunk.subarray(at, at + slice), () => resolve())
				})
				await Promise.race([written, failed])
				yield* take()
			}
			if (failure) break
		}
		if (!failure) {
			const ended = new Promise<void>(resolve => void unpack.on('end', () => resolve()))
			unpack.end()
			await Promise.race([ended, failed])
			yield* take()
		}
	} finally {
		unpack.destroy()
	}
	if (failure) throw failure
}
