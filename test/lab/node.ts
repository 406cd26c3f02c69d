/** Drives a scratch node from outside: boots it with a stand-in for k3s and the real doctor inside. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { openRecording } from '../recording.js'
import { certificates, healthyFiles, readyLines } from './healthy.js'

export const scriptPath = fileURLToPath(new URL('./node.sh', import.meta.url))
const repository = fileURLToPath(new URL('../../', import.meta.url))
export const address = '10.98.0.11'
/** In the node. */
const standIn = '/opt/lab/stand-in.mjs'
/** The recordings' node has this name; the stand-in answers for the same. */
export const nodeName = 's1'

/** Why there can be no scratch node on this machine; `undefined` where there can. */
export function whyNot(): string | undefined {
	if (process.env.K3S_DOCTOR_LAB !== '1') return 'it takes minutes: npm run test:lab'
	const { status, stderr } = spawnSync(scriptPath, ['may'], { encoding: 'utf8' })
	return status === 0 ? undefined : stderr.trim()
}

export interface LabNode {
	/** Its root file system as seen from here. */
	root: string
	at(path: string): string
	put(path: string, text: string, mode?: number): void
	text(path: string): string
	/** Runs a command inside; its output. Throws when it fails. */
	in(...argv: string[]): Promise<string>
	/** Runs a shell command inside; its exit status. */
	sh(command: string): Promise<number>
	/** What a terminal has to start to run a command inside. */
	command(...argv: string[]): [string, string[], Record<string, string>]
	/** A healthy k3s, its journal without a past. */
	reset(): Promise<void>
	/** What the stand-in checks when it starts. */
	faults(list: readonly StandInFault[]): void
	/** Content, mode and owner of all that a remedy may touch. */
	manifest(): Map<string, string>
	remove(): Promise<void>
}

export interface StandInFault {
	when: string
	says: readonly string[]
	exit?: number
	goesOn?: true
}

const watched = ['etc', 'usr/local/bin', 'var/lib/rancher', 'root']

const execute = promisify(execFile)

const lab = process.env.LAB ?? '/var/tmp/k3s-doctor-lab'

function runner(label: string) {
	const own = { LAB_WORK: join(lab, label), LAB_NET: `doctor${label}` }
	const env = { ...process.env, ...own }
	const run = async (...args: string[]) => (await execute(scriptPath, args, { encoding: 'utf8', env })).stdout
	return { own, run }
}

/** Ends nodes that a killed test left behind: their folders are named by a process that is gone. */
export async function sweep(): Promise<void> {
	for (const label of existsSync(lab) ? readdirSync(lab) : []) {
		const owner = /^(\d+)n\d+$/.exec(label)?.[1]
		if (owner === undefined || existsSync(`/proc/${owner}`)) continue
		await runner(label).run('stop', nodeName)
		rmSync(join(lab, label), { recursive: true, force: true })
	}
}

/** Nodes of different numbers, and of different processes, may run at the same time. */
export async function makeNode(number: number): Promise<LabNode> {
	const label = `${process.pid}n${number}`
	const { own, run } = runner(label)
	await run('new', nodeName, address)
	const root = (await run('root', nodeName)).trim()
	const at = (path: string) => join(root, path)
	const put = (path: string, text: string, mode = 0o644) => {
		mkdirSync(dirname(at(path)), { recursive: true })
		rmSync(at(path), { force: true })
		writeFileSync(at(path), text, { mode })
	}
	await install(root, put)
	await run('boot', nodeName)
	const inside = (...argv: string[]) => run('in', nodeName, ...argv)
	const sh = (command: string) =>
		inside('sh', '-c', command).then(
			() => 0,
			() => 1,
		)
	await inside('/opt/node', standIn, 'certificates')
	await inside('sh', '-c', 'cd / && tar -cpf /opt/healthy.tar etc usr/local/bin var/lib/rancher var/lib/lab')

	const node: LabNode = {
		root,
		at,
		put,
		text: path => readFileSync(at(path), 'utf8'),
		in: inside,
		sh,
		command: (...argv) => [scriptPath, ['in', nodeName, ...argv], own],
		faults: list => put('opt/lab/faults.json', JSON.stringify(list)),
		async reset() {
			node.faults([])
			const status = await sh(`set -e
				systemctl stop k3s k3s-agent 2>/dev/null || true
				for unit in $(ls /etc/systemd/system | grep '\\.service$'); do systemctl stop "$unit" 2>/dev/null || true; done
				grep -q ' /var/lib/rancher' /proc/mounts && umount -l $(awk '$2 ~ "^/var/lib/rancher" {print $2}' /proc/mounts | sort -r) || true
				rm -rf /etc/systemd/system /etc/sysctl.d /etc/modules-load.d /etc/k3s-* /etc/rancher /usr/local/bin /var/lib/rancher /var/lib/lab /var/log/k3s-doctor /run/k3s-doctor /opt/lab/days /opt/lab/runtime /var/log/pods /var/lib/kubelet
				tar -xpf /opt/healthy.tar -C /
				hostname ${nodeName}
				ip route replace default via 10.98.0.1
				systemctl daemon-reload; systemctl reset-failed
				journalctl --rotate; journalctl --vacuum-time=1ms; sleep 0.1; journalctl --rotate; journalctl --vacuum-time=1ms
				systemctl start k3s`)
			if (status !== 0)
				throw new Error(
					`the node could not be reset: ${await inside('journalctl', '-n', '30', '--no-pager')}`,
				)
		},
		manifest: () => manifestOf(root),
		async remove() {
			await run('stop', nodeName)
			await run('rm', nodeName)
			rmSync(join(lab, label), { recursive: true, force: true })
		},
	}
	return node
}

async function install(root: string, put: LabNode['put']): Promise<void> {
	const healthy = await openRecording('healthy-server')
	const agent = await openRecording('agent-healthy')
	cpSync(realNode(), join(root, 'opt/node'))
	cpSync(await bundledDoctor(), join(root, 'opt/doctor'), { recursive: true })
	await build({
		entryPoints: [fileURLToPath(new URL('./stand-in.mts', import.meta.url))],
		outfile: join(root, standIn),
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node22',
		logLevel: 'silent',
	})
	put('usr/local/bin/k3s', `#!/bin/sh\nexec /opt/node ${standIn} "$@"\n`, 0o755)
	put('usr/local/bin/k3s-doctor', '#!/bin/sh\nexec /opt/node /opt/doctor/doctor.mjs "$@"\n', 0o755)
	put('usr/local/bin/k3s-killall.sh', '#!/bin/sh\nsystemctl stop k3s\n', 0o755)
	for (const { path, text, mode } of healthyFiles(healthy)) put(path, text, mode)
	put('opt/lab/certificates.json', JSON.stringify(certificates(healthy)))
	put('opt/lab/ready-server.json', JSON.stringify(readyLines(healthy, 'journal/k3s.log')))
	put('opt/lab/ready-agent.json', JSON.stringify(readyLines(agent, 'journal/k3s-agent.log')))
	put('opt/lab/faults.json', '[]')
	mkdirSync(join(root, 'etc/systemd/system/multi-user.target.wants'), { recursive: true })
	execFileSync('ln', [
		'-sf',
		'/etc/systemd/system/k3s.service',
		join(root, 'etc/systemd/system/multi-user.target.wants/k3s.service'),
	])
}

/** The Node that runs this test, not a wrapper of it. */
function realNode(): string {
	return process.execPath
}

let bundled: Promise<string> | undefined

/** The doctor as it is in the sources, for a node that has no packages. */
function bundledDoctor(): Promise<string> {
	bundled ??= (async () => {
		const outdir = join(tmpdir(), `doctor-bundle-${process.pid}`)
		await build({
			stdin: {
				contents: `import { main } from './src/cli.ts'; process.exitCode = await main(process.argv.slice(2))`,
				resolveDir: repository,
				loader: 'ts',
			},
			outdir,
			entryNames: 'doctor',
			outExtension: { '.js': '.mjs' },
			bundle: true,
			splitting: true,
			platform: 'node',
			format: 'esm',
			target: 'node22',
			logLevel: 'silent',
			external: ['react-devtools-core'],
			banner: {
				js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
			},
			define: { 'process.env.K3S_DOCTOR_VERSION': '"0.0.0-lab"' },
		})
		process.once('exit', () => rmSync(outdir, { recursive: true, force: true }))
		return outdir
	})()
	return bundled
}

/** What k3s or the doctor writes for themselves, and what changes with every start. */
const passing =
	/serving-kube-apiserver\.crt|\/(doctor|containerd\.sock|\.sans|\.srl)|\.sans$|\.srl$|resolv\.conf\.|ld\.so\.cache|machine-id/

function manifestOf(root: string): Map<string, string> {
	const found = new Map<string, string>()
	const walk = (path: string) => {
		for (const name of readdirSync(join(root, path)).sort()) {
			const inner = `${path}/${name}`
			if (passing.test(inner)) continue
			const stat = lstatSync(join(root, inner))
			const rights = `${stat.mode.toString(8)} ${stat.uid}:${stat.gid}`
			if (stat.isDirectory()) {
				found.set(`/${inner}`, rights)
				walk(inner)
			} else if (stat.isSymbolicLink()) found.set(`/${inner}`, `link ${readlinkSync(join(root, inner))}`)
			else if (stat.isFile()) {
				const digest = createHash('sha256')
					.update(readFileSync(join(root, inner)))
					.digest('hex')
				found.set(`/${inner}`, `${rights} ${digest}`)
			}
		}
	}
	for (const path of watched) walk(path)
	return found
}
