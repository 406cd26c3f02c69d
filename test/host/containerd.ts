/** A containerd of a test's own, where it is installed and may run; and an image that does nothing but wait. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import tar from 'tar-stream'
import { call, encode, idOf, listPods, type Message } from './cri.js'

/** Why it cannot run here; `undefined`: it can. */
export function whyNoContainerd(): string | undefined {
	if (process.getuid?.() !== 0) return 'only root runs a containerd'
	if (process.arch !== 'x64') return 'the waiting program is one for x86-64'
	const places = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']
	const missing = ['containerd', 'ctr', 'runc'].filter(
		name => !places.some(place => existsSync(join(place, name))),
	)
	return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined
}

export interface Containerd {
	/** A data directory as k3s has it: crictl, and the file that says where the runtime listens. */
	dataDir: string
	socket: string
	/** Runs a pod with one container that waits; returns the pod's sandbox. */
	run(pod: { namespace: string; name: string; uid: string }): Promise<string>
	stopPod(sandbox: string): Promise<void>
	/** The daemon is killed; what it runs goes on. */
	kill(): void
	close(): Promise<void>
}

const imageName = 'localhost/waits:1'

export async function startContainerd(): Promise<Containerd> {
	const dir = mkdtempSync(join(tmpdir(), 'containerd-'))
	const socket = join(dir, 'containerd.sock')
	writeFileSync(
		join(dir, 'config.toml'),
		`version = 2
root = "${dir}/root"
state = "${dir}/state"
[grpc]
  address = "${socket}"
[ttrpc]
  address = "${socket}.ttrpc"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageName}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
`,
	)
	const daemon: ChildProcess = spawn('containerd', ['-c', join(dir, 'config.toml')], { stdio: 'ignore' })
	const ends = Date.now() + 30_000
	for (;;) {
		const up = await listPods(socket).then(
			() => true,
			() => false,
		)
		if (up) break
		if (Date.now() > ends || daemon.exitCode !== null) throw new Error('containerd did not start')
		await new Promise(resolve => setTimeout(resolve, 50))
	}
	const archive = join(dir, 'waits.tar')
	writeFileSync(archive, await image())
	execFileSync(
		'ctr',
		['-a', socket, '-n', 'k8s.io', 'images', 'import', '--snapshotter', 'native', archive],
		{ stdio: 'ignore' },
	)
	const dataDir = join(dir, 'k3s')
	writeCrictl(dataDir, socket)

	const sandboxes: string[] = []
	return {
		dataDir,
		socket,
		async run({ namespace, name, uid }) {
			const labels = Object.entries({
				'io.kubernetes.pod.namespace': namespace,
				'io.kubernetes.pod.name': name,
				'io.kubernetes.pod.uid': uid,
			}).map(([key, value]) => encode({ 1: key, 2: value }))
			// In the network of the host: no CNI is needed.
			const security = encode({ 1: encode({ 1: 2 }) })
			const config: Message = {
				1: encode({ 1: name, 2: uid, 3: namespace }),
				3: join(dir, 'logs'),
				6: labels,
				8: encode({ 2: security }),
			}
			const sandbox = idOf(await call(socket, 'RunPodSandbox', { 1: encode(config) }))
			sandboxes.push(sandbox)
			const container = encode({
				1: encode({ 1: 'main' }),
				2: encode({ 1: imageName }),
				9: labels,
				11: `${name}.log`,
				15: encode({ 2: encode({ 3: encode({ 1: 2 }) }) }),
			})
			const made = idOf(
				await call(socket, 'CreateContainer', { 1: sandbox, 2: container, 3: encode(config) }),
			)
			await call(socket, 'StartContainer', { 1: made })
			return sandbox
		},
		stopPod: async sandbox => void (await call(socket, 'StopPodSandbox', { 1: sandbox })),
		kill: () => void daemon.kill('SIGKILL'),
		async close() {
			for (const sandbox of sandboxes) {
				await call(socket, 'StopPodSandbox', { 1: sandbox }).catch(() => undefined)
				await call(socket, 'RemovePodSandbox', { 1: sandbox }).catch(() => undefined)
			}
			const gone = new Promise(resolve => daemon.once('exit', resolve))
			if (daemon.exitCode === null && daemon.signalCode === null) {
				daemon.kill('SIGTERM')
				await gone
			}
			rmSync(dir, { recursive: true, force: true })
		},
	}
}

/** Where k3s unpacks its crictl, and the file that tells it where to ask. */
function writeCrictl(dataDir: string, socket: string): void {
	const program = join(dataDir, 'data/current/bin/crictl')
	mkdirSync(dirname(program), { recursive: true })
	const standIn = fileURLToPath(new URL('../../dist/test/host/crictl-stand-in.mjs', import.meta.url))
	writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`)
	chmodSync(program, 0o755)
	mkdirSync(join(dataDir, 'agent/etc'), { recursive: true })
	writeFileSync(join(dataDir, 'agent/etc/crictl.yaml'), `runtime-endpoint: unix://${socket}\n`)
}

/** A program of 64-bit Linux that calls `pause` for ever: a header, one segment, nine bytes of code. */
function waitingProgram(): Buffer {
	const code = Buffer.from([0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7])
	const elf = Buffer.alloc(120 + code.length)
	elf.write('\u007fELF\u0002\u0001\u0001', 'latin1')
	elf.writeUInt16LE(2, 16)
	elf.writeUInt16LE(62, 18)
	elf.writeUInt32LE(1, 20)
	elf.writeBigUInt64LE(0x400078n, 24)
	elf.writeBigUInt64LE(64n, 32)
	elf.writeUInt16LE(64, 52)
	elf.writeUInt16LE(56, 54)
	elf.writeUInt16LE(1, 56)
	elf.writeUInt32LE(1, 64)
	elf.writeUInt32LE(5, 68)
	elf.writeBigUInt64LE(0x400000n, 80)
	elf.writeBigUInt64LE(0x400000n, 88)
	elf.writeBigUInt64LE(BigInt(elf.length), 96)
	elf.writeBigUInt64LE(BigInt(elf.length), 104)
	elf.writeBigUInt64LE(0x1000n, 112)
	code.copy(elf, 120)
	return elf
}

async function packed(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
	const pack = tar.pack()
	for (const [name, content] of Object.entries(files)) pack.entry({ name, mode: 0o755 }, content)
	pack.finalize()
	const pieces: Buffer[] = []
	for await (const piece of pack) pieces.push(Buffer.from(piece as Uint8Array))
	return Buffer.concat(pieces)
}

/** An image as `docker save` writes it. */
async function image(): Promise<Buffer> {
	const layer = await packed({ waits: waitingProgram() })
	const digest = createHash('sha256').update(layer).digest('hex')
	const config = {
		architecture: 'amd64',
		os: 'linux',
		config: { Entrypoint: ['/waits'] },
		rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
	}
	const manifest = [{ Config: 'config.json', RepoTags: [imageName], Layers: ['layer.tar'] }]
	return packed({
		'layer.tar': layer,
		'config.json': Buffer.from(JSON.stringify(config)),
		'manifest.json': Buffer.from(JSON.stringify(manifest)),
	})
}
