/** How the doctor's process ends: on its own, soon, and with everything that it started. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { issue } from './certificate.js'
import { listen } from './listen.js'
import { lives, programs, scratchDir, script, until } from './scratch.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let dir = ''
let hands = ''

// Inside node_modules, so that the Kubernetes client is found; everything else is built in.
beforeAll(async () => {
	dir = mkdtempSync(join(root, 'node_modules/.hands-'))
	hands = join(dir, 'hands.mjs')
	await build({
		entryPoints: [join(root, 'src/host/local.ts')],
		outfile: hands,
		bundle: true,
		platform: 'node',
		format: 'esm',
		external: ['@kubernetes/client-node'],
		logLevel: 'error',
	})
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function doctor(program: string, path = process.env.PATH): ChildProcess {
	const code = `import { localHost } from ${JSON.stringify(hands)}\n${program}`
	return spawn(process.execPath, ['--input-type=module', '-e', code], {
		env: { ...process.env, PATH: path },
		stdio: ['ignore', 'pipe', 'inherit'],
	})
}

/** To be called at once: the end is not told twice. */
function ended(child: ChildProcess): Promise<{ stdout: string; code: number | null }> {
	let stdout = ''
	child.stdout?.on('data', data => {
		stdout += data
	})
	return new Promise(resolve => child.once('close', code => resolve({ stdout, code })))
}

it('ends when its work is done, with connections to the API still open', async () => {
	const ca = issue({ commonName: 'ca', ca: true })
	const server = issue({ commonName: 'k3s', names: ['127.0.0.1'], issuer: ca })
	const port = await listen(
		createServer({ key: server.key, cert: server.certificate }, (_, response) => response.end('{}')),
	)
	const kubeconfig = script(
		scratchDir(),
		'k3s.yaml',
		'clusters:',
		`- {name: d, cluster: {server: "https://127.0.0.1:${port}", certificate-authority-data: ${Buffer.from(ca.certificate).toString('base64')}}}`,
		'users: [{name: d, user: {token: t}}]',
		'contexts: [{name: d, context: {cluster: d, user: d}}]',
		'current-context: d',
	)
	const child = doctor(`
		const { kube } = localHost({ kubeconfigs: [${JSON.stringify(kubeconfig)}] })
		const answers = await Promise.all(Array.from({ length: 20 }, () => kube('/version')))
		console.log(answers.filter(answer => answer.ok).length)`)
	expect(await ended(child)).toEqual({ stdout: '20\n', code: 0 })
})

it('ends although name server, commands and ports hang', async () => {
	const path = programs(['getent', 'df'], 'trap "" TERM', 'while :; do sleep 100; done')
	const child = doctor(
		`
		const host = localHost()
		const answers = await Promise.all([
			host.dial('server.lab', 6443, 300),
			host.get('https://server.lab:6443/ping', 300),
			host.tls('server.lab', 6443, 300),
			host.run(['df'], { limitSeconds: 0.3 }),
		])
		console.log(answers.length)
		process.exitCode = 3`,
		`${path}:${process.env.PATH}`,
	)
	expect(await ended(child)).toEqual({ stdout: '4\n', code: 3 })
})

/** A file system whose other end never answers: what a dead NFS server looks like. */
const deadMount = `exec 3<>/dev/fuse && mount -i -t fuse.dead -o fd=3,rootmode=40000,user_id=0,group_id=0 dead /mnt`
const canMount = spawnSync('unshare', ['-m', 'bash', '-c', deadMount]).status === 0

it.skipIf(!canMount)('ends although a file system does not answer', async () => {
	const program = join(dir, 'files.mjs')
	writeFileSync(
		program,
		`import { localHost } from './hands.mjs'
		const { read, list, stat } = localHost()
		const answers = await Promise.all([read('/mnt/a'), list('/mnt'), stat('/mnt/a/b'), read('/proc/self/status')])
		console.log(answers.map(answer => answer.ok || answer.unavailable.why).join(' '))`,
	)
	const child = spawn('unshare', [
		'-m',
		'bash',
		'-c',
		`${deadMount} && "$0" "$1" 3<&-`,
		process.execPath,
		program,
	])
	expect(await ended(child)).toEqual({ stdout: 'timeout timeout timeout true\n', code: 0 })
})

it.each(['SIGTERM', 'SIGINT', 'exit'])('takes its programs with it: %s', async how => {
	const pids = scratchDir()
	const hanging = script(
		pids,
		'hanging',
		`sleep 100 & echo $! > ${pids}/grandchild`,
		`echo $$ > ${pids}/child`,
		'wait',
	)
	const child = doctor(`
		void localHost().run([${JSON.stringify(hanging)}], { limitSeconds: 60 })
		const { existsSync } = await import('node:fs')
		while (!existsSync(${JSON.stringify(join(pids, 'child'))})) await new Promise(r => setTimeout(r, 10))
		if (${JSON.stringify(how)} === 'exit') process.exit(7)`)
	const end = ended(child)
	await until(() => existsSync(join(pids, 'child')) && readFileSync(join(pids, 'child'), 'utf8') !== '')
	if (how === 'SIGTERM' || how === 'SIGINT') child.kill(how)
	const { code } = await end
	expect([code, child.signalCode]).toEqual(how === 'exit' ? [7, null] : [null, how])
	const family = ['child', 'grandchild'].map(name => Number(readFileSync(join(pids, name), 'utf8')))
	await until(() => !family.some(lives))
})
