/** `k3s-doctor pods` where there is no terminal: the table as text. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { type KubeServer, startKubeServer } from '../host/kube-server.js'
import { openRecording, recordingPath } from '../recording.js'
import { run } from './program.js'

const servers: KubeServer[] = []
const folders: string[] = []
afterEach(async () => {
	await Promise.all(servers.splice(0).map(server => server.close()))
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function scratch(): string {
	const folder = mkdtempSync(join(tmpdir(), 'pods-'))
	folders.push(folder)
	return folder
}

it('prints the pods of a bundle, trouble first, and who tells it', async () => {
	const { stdout, stderr, status } = await run(['pods', '--from', recordingPath('pod-oom')])
	const [header, first, ...others] = stdout.trimEnd().split('\n')
	expect(header).toMatch(/^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE +IP +NODE$/)
	expect(first).toMatch(
		/^shop +cache-785f44d6d8-vbf5z +0\/1 +OOMKilled +2 \(10s ago\) +11s +10\.42\.0\.6 +s1$/,
	)
	expect(others).toHaveLength(4)
	expect(stderr).toBe('Told by Kubernetes API, 2026-11-21 05:29:05 UTC.\n')
	expect(status).toBe(0)
}, 180_000)

it('prints those of one namespace', async () => {
	const { stdout } = await run(['pods', 'shop', '--from', recordingPath('pod-oom')])
	expect(stdout.trimEnd().split('\n')).toHaveLength(3)
	const none = await run(['pods', 'nowhere', '--from', recordingPath('pod-oom')])
	expect(none.stdout).toBe('')
	expect(none.stderr).toContain('no pods in the namespace nowhere')
}, 180_000)

it('could not look where nobody answered: status 5', async () => {
	const { stdout, stderr, status } = await run(['pods', '--from', recordingPath('not-installed')])
	expect(stdout).toBe('')
	expect(stderr).toMatch(/told by nobody/)
	expect(status).toBe(5)
}, 180_000)

it('asks a live API with the credentials that it is given', async () => {
	const recorded = await openRecording('pod-crashloop')
	const lists = Object.fromEntries(
		['pods', 'nodes'].map(name => [name, JSON.parse(recorded.files.get(`api/${name}.json`) ?? '').items]),
	)
	const server = await startKubeServer(lists, scratch())
	servers.push(server)
	const { stdout, stderr } = await run(['pods', '--kubeconfig', server.kubeconfig])
	expect(stdout).toMatch(/^shop +worker-9bb67bc6b-t8mhl +0\/1 +Error/m)
	expect(stderr).toContain('Told by Kubernetes API')
}, 180_000)
