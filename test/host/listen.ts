/** Servers on 127.0.0.1 that are gone after each test. */
import type { Server, Socket } from 'node:net'
import { afterEach } from 'vitest'

const open: { server: Server; sockets: Set<Socket> }[] = []

afterEach(async () => {
	for (const { server, sockets } of open.splice(0)) {
		for (const socket of sockets) socket.destroy()
		await new Promise(resolve => server.close(resolve))
	}
})

/** Lets a server listen on a free port, which it returns. */
export async function listen(server: Server): Promise<number> {
	const sockets = new Set<Socket>()
	open.push({ server, sockets })
	server.on('connection', (socket: Socket) => {
		sockets.add(socket)
		socket.on('error', () => undefined)
		socket.once('close', () => sockets.delete(socket))
	})
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const address = server.address()
	return typeof address === 'object' && address ? address.port : 0
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
	const { createServer } = await import('node:net')
	const server = createServer()
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const address = server.address()
	await new Promise(resolve => server.close(resolve))
	return typeof address === 'object' && address ? address.port : 0
}
