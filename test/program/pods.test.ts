/** The real program in a terminal beside a real API server over TLS: the table lives, and outlives the API. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, it } from 'vitest'
import { type KubeServer, startKubeServer } from '../host/kube-server.js'
import { openRecording } from '../recording.js'
import { doctor, openShell, type Session } from './session.js'

let shell: Session | undefined
let server: KubeServer | undefined
const folder = mkdtempSync(join(tmpdir(), 'pods-live-'))
afterEach(async () => {
	shell?.close()
	await server?.close()
	rmSync(folder, { recursive: true, force: true })
})

const patience = 60_000

it('shows pods as they come and go, asks for one as it is now, and says when the API falls silent', async () => {
	const { files } = await openRecording('pod-crashloop')
	const items = (list: string) => JSON.parse(files.get(`api/${list}.json`) ?? '').items
	const pods = items('pods')
	server = await startKubeServer(
		{ pods, nodes: items('nodes'), events: items('events'), replicasets: items('replicasets') },
		folder,
	)
	shell = openShell({ columns: 120, rows: 30 })
	const has = (words: string | RegExp) => (text: string) =>
		typeof words === 'string' ? text.includes(words) : words.test(text)
	shell.send(`${doctor('pods', '--kubeconfig', server.kubeconfig)}\r`)
	await shell.until(has(/Kubernetes API, live since/), 'the API is watched', patience)
	const [first] = pods
	server.put('pods', { ...first, metadata: { ...first.metadata, name: 'brand-new', uid: 'new' } }, 'ADDED')
	await shell.until(has('brand-new'), 'a new pod is there', patience)
	server.remove('pods', 'new')
	await shell.until(text => !text.includes('brand-new'), 'it is gone again', patience)
	shell.send('y')
	await shell.until(has('asked just now'), 'the object is asked for', patience)
	shell.send('\u001b')
	await shell.until(has('NAMESPACE'), 'the table is back', patience)
	server.breakOff()
	await shell.until(has(/broke/), 'it says that the watch broke off', patience)
	await server.close()
	await shell.until(has(/Told by (?!Kubernetes API, live)/), 'somebody else speaks, or nobody', patience)
}, 180_000)
