/**
 * A stand-in for k3s inside a scratch node: behaves as k3s does towards systemd, the journal, its ports, its files and
 * kubectl, and starts or fails as real nodes were recorded to. What it says comes from recordings; what decides is the
 * state of the node: a fault is there as long as its condition (a shell command) holds.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createSocket } from 'node:net'
import { dirname, join } from 'node:path'
import { kubectl, ready, reply } from './stand-in-api.mjs'

const lab = '/opt/lab'
const data = '/var/lib/rancher/k3s'
const tls = `${data}/server/tls`

interface Fault {
	/** It is there while this succeeds. */
	when: string
	says: string[]
	/** Exit status; absent: it goes on running and never gets ready. */
	exit?: number
	/** It starts all the same. */
	goesOn?: true
}

interface Issued {
	path: string
	subject: string
	ca?: true
	/** Path of the issuer's certificate; absent: self-signed. */
	by?: string
	sans?: string
}

const read = (path: string): string => readFileSync(path, 'utf8')
const json = <T,>(path: string): T => JSON.parse(read(path)) as T

/** Written when it returns: a process that exits loses what waits in a stream. */
function print(text: string): void {
	let rest = Buffer.from(text)
	while (rest.length > 0) {
		try {
			rest = rest.subarray(writeSync(1, rest))
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
		}
	}
}

/** As it is said now by this process. */
function say(line: string): void {
	const now = new Date().toISOString()
	const klog = `${now.slice(5, 7)}${now.slice(8, 10)} ${now.slice(11, 19)}.${now.slice(20, 23)}000 ${String(process.pid).padStart(7)} `
	print(
		`${line
			.replace(/time="[^"]*"/, `time="${now.slice(0, 19)}Z"`)
			.replace(/^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /, `$1${klog}`)
			.replace(/"ts":"[^"]*"/, `"ts":"${now}"`)}\n`,
	)
}

/** k3s makes what is missing and renews what has little time left, whenever it starts. */
function renew(): void {
	const days = Number(existsSync(`${lab}/days`) ? read(`${lab}/days`) : 365)
	for (const one of json<Issued[]>(`${lab}/certificates.json`)) {
		const valid = existsSync(one.path) && isValid(one.path)
		const wanted = !one.ca && /serving-kube-apiserver\.crt$/.test(one.path) ? extraSans() : ''
		const named =
			wanted === '' || (valid && wanted.split(',').every(san => read(`${one.path}.sans`).includes(san)))
		if (valid && named && existsSync(keyOf(one.path))) continue
		// An authority comes back from the datastore, as old as it is there.
		const stored = `/var/lib/lab/bootstrap${one.path}`
		if (one.ca && existsSync(stored)) {
			for (const path of [one.path, keyOf(one.path)])
				execFileSync('cp', ['-p', `/var/lib/lab/bootstrap${path}`, path])
			continue
		}
		issue(one, one.ca ? 3650 : days, wanted)
		if (!one.ca) continue
		mkdirSync(dirname(stored), { recursive: true })
		for (const path of [one.path, keyOf(one.path)])
			execFileSync('cp', ['-p', path, `/var/lib/lab/bootstrap${path}`])
	}
}

function isValid(path: string): boolean {
	try {
		return Date.parse(new X509Certificate(read(path)).validTo) > Date.now() + 90 * 86_400_000
	} catch {
		return false
	}
}

const keyOf = (path: string) => path.replace(/(\.nochain)?\.crt$/, '.key')

/** `tls-san` of the configuration. */
function extraSans(): string {
	const config = existsSync('/etc/rancher/k3s/config.yaml') ? read('/etc/rancher/k3s/config.yaml') : ''
	const list = /^tls-san:\n((?:[ ]*- .*\n)+)/m.exec(config)?.[1] ?? ''
	return [...list.matchAll(/- "?([^"\s]+)"?/g)]
		.map(([, name = '']) => `${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`)
		.join(',')
}

function issue({ path, subject, ca, by, sans }: Issued, days: number, more: string): void {
	mkdirSync(dirname(path), { recursive: true })
	const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
	const key = keyOf(path)
	if (!existsSync(key) || read(key).length < 100)
		openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key)
	const names = [sans, more].filter(Boolean).join(',')
	const extensions = join('/tmp', `ext-${process.pid}`)
	writeFileSync(
		extensions,
		ca
			? 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,digitalSignature,keyEncipherment\nsubjectKeyIdentifier=hash\n'
			: `keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\nauthorityKeyIdentifier=keyid\n${names ? `subjectAltName=${names}\n` : ''}`,
	)
	const request = `${extensions}.csr`
	openssl('req', '-new', '-key', key, '-subj', subject, '-out', request)
	const signed = by ? ['-CA', by, '-CAkey', keyOf(by), '-CAcreateserial'] : ['-signkey', key]
	openssl(
		'x509',
		'-req',
		'-in',
		request,
		...signed,
		'-days',
		String(days),
		'-extfile',
		extensions,
		'-out',
		path,
	)
	if (by) writeFileSync(path, read(path) + read(by))
	writeFileSync(`${path}.sans`, names)
	rmSync(extensions)
	rmSync(request)
}

/** The programs that k3s carries along. */
function unpack(): void {
	const bin = `${data}/data/2f1c2a/bin`
	if (existsSync(bin)) return
	mkdirSync(bin, { recursive: true })
	for (const name of ['k3s', 'containerd', 'containerd-shim-runc-v2', 'runc', 'cni', 'flannel', 'crictl'])
		writeFileSync(`${bin}/${name}`, 'program', { mode: 0o755 })
	rmSync(`${data}/data/current`, { force: true })
	symlinkSync(dirname(bin), `${data}/data/current`)
}

function faultNow(): Fault | undefined {
	const faults = existsSync(`${lab}/faults.json`) ? json<Fault[]>(`${lab}/faults.json`) : []
	return faults.find(({ when }) => spawnSync('sh', ['-c', when], { stdio: 'ignore' }).status === 0)
}

function serve(role: string): void {
	const [before = [], after = []] = json<string[][]>(`${lab}/ready-${role}.json`)
	const fault = faultNow()
	if (fault && !fault.goesOn) {
		for (const line of fault.says) say(line)
		if (fault.exit !== undefined) process.exit(fault.exit)
		setInterval(() => undefined, 60_000)
		return
	}
	for (const line of before.slice(0, 1)) say(line)
	if (role === 'server') {
		spawnSync('sysctl', ['-qw', 'net.ipv4.ip_forward=1'])
		const db = `${data}/server/db/state.db`
		mkdirSync(dirname(db), { recursive: true })
		if (!existsSync(db)) writeFileSync(db, `SQLite format 3${'\0'.repeat(4096 * 4 - 15)}`, { mode: 0o644 })
	}
	renew()
	unpack()
	for (const line of before.slice(1)) say(line)
	listen(role, () => {
		spawn('systemd-notify', ['--ready'], { stdio: 'ignore' }).once('exit', () => {
			for (const line of [...after, ...(fault?.says ?? [])]) say(line)
		})
	})
}

/** Asked by a signal it says what the test wants to read in its log. */
process.on('SIGUSR2', () => {
	for (const line of read(`${lab}/say`).split('\n')) if (line !== '') say(line)
})

function listen(role: string, ready: () => void): void {
	const fail = (port: number) => (error: Error) => {
		say(
			`time="" level=error msg="Failed to listen on ${port}: listen tcp 0.0.0.0:${port}: bind: address already in use" error="${error.message}"`,
		)
		process.exit(1)
	}
	const secure = (crt: string, key = keyOf(crt)) => ({ cert: read(crt), key: read(key) })
	mkdirSync('/run/k3s/containerd', { recursive: true })
	rmSync('/run/k3s/containerd/containerd.sock', { force: true })
	createSocket().listen('/run/k3s/containerd/containerd.sock')
	const kubelet = secure(`${data}/agent/serving-kubelet.crt`)
	const servers: [number, ReturnType<typeof createHttp>][] = [
		[10248, createHttp((_, answer) => void answer.end('ok'))],
		[10256, createHttp((_, answer) => void answer.end('{"healthy":true}'))],
		[10250, createHttps(kubelet, (_, answer) => void answer.writeHead(401).end())] as never,
	]
	if (role === 'server') {
		const api = secure(`${tls}/serving-kube-apiserver.crt`)
		servers.push([6443, createHttps(api, (request, answer) => reply(request.url ?? '', answer))] as never)
		servers.push([
			6444,
			createHttps(api, (_, answer) => void answer.writeHead(401).end('{"kind":"Status","code":401}')),
		] as never)
		servers.push([10257, createHttps(api, (_, answer) => void answer.end('ok'))] as never)
		servers.push([10259, createHttps(api, (_, answer) => void answer.end('ok'))] as never)
	}
	let left = servers.length
	for (const [port, server] of servers) {
		server.once('error', fail(port))
		server.listen(port, port === 10248 || port === 10256 ? '127.0.0.1' : '0.0.0.0', () => {
			left -= 1
			if (left === 0) ready()
		})
	}
}

function crictl(args: string[]): void {
	const [verb = ''] = args.filter(word => !word.startsWith('-'))
	const file = `${lab}/crictl/${verb}.json`
	if (verb === 'version') process.stdout.write(read(`${lab}/crictl/version.txt`))
	// With `runtime` there the containers' runtime has outlived k3s.
	else if (existsSync(file) && (ready() || existsSync(`${lab}/runtime`))) process.stdout.write(read(file))
	else {
		process.stderr.write(
			`time="${new Date().toISOString().slice(0, 19)}Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/k3s/containerd/containerd.sock\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/k3s/containerd/containerd.sock: connect: connection refused\\""\n`,
		)
		process.exit(1)
	}
}

const [command = '', ...args] = process.argv.slice(2)
process.on('SIGTERM', () => process.exit(0))
if (command === 'server' || command === 'agent') serve(command)
else if (command === 'certificates') renew()
else if (command === '--version') process.stdout.write(read(`${lab}/k3s-version.txt`))
else if (command === 'kubectl') kubectl(args)
else if (command === 'crictl') crictl(args)
else if (command === 'check-config') process.stdout.write(read(`${lab}/k3s-check-config.txt`))
else if (command === 'etcd-snapshot') readdirSync('/')
else process.exit(1)
