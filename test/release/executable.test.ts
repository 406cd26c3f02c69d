/** The built files on hosts that have nothing: no environment, no Node.js, another processor, an old Node.js. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { issue } from '../host/certificate.js'
import { openProgram } from '../program/session.js'
import { executable, has, isBuilt, isMade, made, ran, root, singleFile, version } from './files.js'

const scratch = mkdtempSync(join(tmpdir(), 'k3s-doctor-built-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const recording = (name: string) => join(root, `test/recordings/${name}.tar.gz`)
const nowhere = { PATH: '/nonexistent' }
/** Prepared by the build; the emulator takes Debian's libraries from there. */
const libraries = join(root, 'node_modules/.cache/k3s-doctor/arm64-libraries')
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
	file => existsSync(file) && /^v(2\d|[3-9]\d)\./.test(ran(file, ['--version']).stdout),
)

/** `[what, how it is started]` */
const builds: [string, string[]][] = [
	['the executable', [executable]],
	['the single file with the Node.js of these tests', [process.execPath, singleFile]],
	...(oldNode && oldNode !== process.execPath
		? [[`the single file with the Node.js of this host`, [oldNode, singleFile]] as [string, string[]]]
		: []),
]

describe.skipIf(!isBuilt).each(builds)('%s', (_what, [file = '', ...first]) => {
	const doctor = (...args: string[]) => ran(file, [...first, ...args], nowhere)

	it('needs no environment and no program', () => {
		expect(doctor('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
		expect(doctor('--help').stdout).toContain('Exit status')
		const report = doctor('--from', recording('ca-expired'))
		expect([report.status, report.stderr]).toEqual([3, ''])
		expect(report.stdout).toContain('ca-expired')
	})

	it('has the recordings of the demo inside', () => {
		const { stdout, stderr, status } = doctor('demo', 'healthy-server')
		expect([status, stderr]).toEqual([0, ''])
		expect(stdout).toContain('HEALTHY')
		expect(doctor('demo', 'no-such')).toMatchObject({ status: 2 })
	})

	it('examines this host, and says what it could not ask', () => {
		const { stdout, stderr, status } = doctor('diagnose', '--format', 'json', '--timeout', '20')
		expect(stderr).toBe('')
		expect([0, 3, 5]).toContain(status)
		const { gaps, doctor: itself } = JSON.parse(stdout) as { gaps: unknown[]; doctor: { version: string } }
		expect(itself.version).toBe(version)
		expect(gaps.length).toBeGreaterThan(0)
	})

	it('opens the app, in which nothing but the app is on the screen', async () => {
		const session = openProgram('env', [
			'-i',
			'TERM=xterm-256color',
			'PATH=/nonexistent',
			file,
			...first,
			'demo',
		])
		await session.until(text => text.includes('DOWN') && text.includes('CRITICAL'), 'the verdict', 60_000)
		session.send('?')
		await session.until(text => text.includes('open what the cursor is on'), 'the keys')
		session.send('\u0003')
		await session.ended
		expect(session.raw()).not.toMatch(/does not fit|Warning/)
		expect(session.alternate()).toBe(false)
		session.close()
	})

	it('asks the Kubernetes API with a kubeconfig', async () => {
		const ca = issue({ commonName: 'ca', ca: true })
		const own = issue({ commonName: 'api', names: ['127.0.0.1'], issuer: ca })
		const asked: { url: string; token: string | undefined }[] = []
		const server = createServer({ cert: own.certificate, key: own.key }, (request, response) => {
			asked.push({ url: request.url ?? '', token: request.headers.authorization })
			response.writeHead(request.url?.startsWith('/readyz') ? 200 : 404).end('ok')
		})
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
		const { port } = server.address() as AddressInfo
		const config = join(scratch, `kubeconfig-${port}`)
		writeFileSync(
			config,
			JSON.stringify({
				apiVersion: 'v1',
				kind: 'Config',
				clusters: [
					{
						name: 'c',
						cluster: {
							server: `https://127.0.0.1:${port}`,
							'certificate-authority-data': Buffer.from(ca.certificate).toString('base64'),
						},
					},
				],
				users: [{ name: 'u', user: { token: 'let-me-in' } }],
				contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
				'current-context': 'x',
			}),
		)
		const args = [...first, 'diagnose', '--format', 'json', '--kubeconfig', config, '--timeout', '20']
		await promisify(execFile)(file, args, { env: nowhere, maxBuffer: 64e6 }).catch(() => undefined)
		server.close()
		server.closeAllConnections()
		expect(asked.some(({ url, token }) => url.startsWith('/readyz') && token === 'Bearer let-me-in')).toBe(
			true,
		)
	})
})

describe.skipIf(!isBuilt)('the executable', () => {
	it('is not changed by the environment, and keeps what was asked for by name', () => {
		const env = { ...nowhere, NODE_OPTIONS: '--no-such-option', NODE_EXTRA_CA_CERTS: '/nonexistent' }
		expect(ran(executable, ['--version'], env)).toMatchObject({ status: 0, stdout: `${version}\n` })
		// Options of Node.js are none of the doctor's.
		expect(ran(executable, ['--eval', '1'], nowhere).status).toBe(2)
	})

	it('has nothing before its first frame that only later work needs', () => {
		// In a process of its own: the bundler does not work in a thread of the tests.
		const code = `import('${join(root, '.ci/bundle/parts.mjs')}').then(async ({ parts }) => {
			const { earlyPackages, packages } = await parts()
			console.log(JSON.stringify({ earlyPackages, packages }))
		})`
		const { stdout } = ran(process.execPath, ['--eval', code], { PATH: process.env.PATH })
		const { earlyPackages, packages } = JSON.parse(stdout) as Record<string, string[]>
		for (const name of ['execa', 'yaml', '@kubernetes/client-node', 'tar-stream', 'diff']) {
			expect(packages).toContain(`node_modules/${name}`)
			expect(earlyPackages).not.toContain(`node_modules/${name}`)
		}
	}, 300_000)

	const arm = 'k3s-doctor-linux-arm64'
	it.skipIf(!isMade(arm) || !has('qemu-aarch64-static') || !existsSync(libraries))(
		'runs on arm64, its code cache included',
		() => {
			const emulated = (...args: string[]) =>
				ran('qemu-aarch64-static', ['-L', libraries, made(arm), ...args], { PATH: process.env.PATH })
			expect(emulated('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
			const { stdout, stderr } = emulated('demo', 'pod-crashloop')
			expect([stdout, stderr]).toEqual([expect.stringContaining('pod-crashloop'), ''])
		},
		180_000,
	)
})
