/** A healthy recorded node whose files a test changes: one innocent oddity at a time. */
import type { Bundle, Entry } from '../../src/model/bundle.js'
import { openRecording } from '../recording.js'

export const healthyNodes = [
	'healthy-server',
	'agent-healthy',
	'ha-healthy',
	'extdb-postgres-healthy',
] as const

export type HealthyNode = (typeof healthyNodes)[number]

type Json = Record<string, unknown>
/** An object of the API as a test makes or changes it. */
export type Item = Json & { metadata: Json; spec?: Json; status?: Json }

const available = { conditions: [{ type: 'Available', status: 'True', reason: 'Passed' }] }

export class HealthyFiles {
	readonly #bundle: Bundle
	readonly #files: Map<string, string>
	readonly #entries: Entry[] = []
	dataDir: string
	/** Epoch milliseconds of the node's clock. */
	readonly now: number

	constructor(bundle: Bundle, minutesLater: number) {
		this.#bundle = bundle
		this.#files = new Map(bundle.files)
		this.dataDir = bundle.node.dataDir
		const taken = Date.parse(/^[^,]+/.exec(this.text('commands/date.txt'))?.[0]?.concat('Z') ?? '')
		this.now = (Number.isNaN(taken) ? Date.parse(bundle.takenAt) : taken) + minutesLater * 60_000
		if (minutesLater > 0) this.#grow()
	}

	/** The node has run for a while: its clock goes on, its kubelet and its leases with it. */
	#grow(): void {
		this.put('commands/date.txt', `${new Date(this.now).toISOString().slice(0, 19)},000000000+00:00\n`)
		const last = this.ago(8)
		for (const name of ['nodes', 'leases'])
			this.change(`api/${name}.json`, text =>
				text.replace(/("(?:lastHeartbeatTime|renewTime)": ?")[^"]+/g, `$1${last}`),
			)
		this.items('apiservices', items => items.map(item => ({ ...item, status: available })))
		for (const name of ['pods', 'deployments', 'replicasets'])
			this.change(`api/${name}.json`, text =>
				text
					.replace(/"ready": ?false/g, '"ready": true')
					.replace(/"status": ?"False"/g, '"status": "True"')
					.replace(/"unavailableReplicas": ?\d+/g, '"unavailableReplicas": 0')
					.replace(/"replicas": ?(\d+)/g, '"readyReplicas": $1, "replicas": $1'),
			)
	}

	get host(): string {
		return this.#bundle.node.hostname
	}

	/** `2026-11-21T04:10:00Z`, so many seconds before the node's clock. */
	ago(seconds: number): string {
		return new Date(this.now - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
	}

	text(file: string): string {
		return this.#files.get(file) ?? ''
	}

	names(): string[] {
		return [...this.#files.keys()]
	}

	put(file: string, text: string): void {
		this.#files.set(file, text)
	}

	remove(file: string): void {
		this.#files.delete(file)
	}

	append(file: string, text: string): void {
		this.put(file, `${this.text(file)}${text}`)
	}

	change(file: string, how: (text: string) => string): void {
		const text = this.#files.get(file)
		if (text !== undefined) this.put(file, how(text))
	}

	/** Every file, name and content. */
	changeAll(how: (text: string) => string): void {
		for (const [file, text] of [...this.#files]) {
			this.#files.delete(file)
			this.put(how(file), how(text))
		}
	}

	/** An answer to a command that the recorded node was not asked. */
	answer(file: string, argv: [string, ...string[]], text: string, exit = 0): void {
		this.put(file, text)
		this.#entries.push({ file, argv, exit })
	}

	/** Adds objects to a list of the API. */
	add(resource: string, ...more: Item[]): void {
		this.items(resource, items => [...items, ...more])
	}

	/** Changes the objects of a list that are picked: all, unless it is said which. */
	update(resource: string, change: (item: Item) => Item, picked: (item: Item) => boolean = () => true): void {
		this.items(resource, items => items.map(item => (picked(item) ? change(item) : item)))
	}

	/** Anything else about a list of the API, which is made if it is not there. */
	items(resource: string, change: (items: Item[]) => Item[]): void {
		const file = `api/${resource}.json`
		const list = this.text(file)
			? (JSON.parse(this.text(file)) as { items: Item[] })
			: { apiVersion: 'v1', kind: 'List', items: [] }
		this.put(file, JSON.stringify({ ...list, items: change(list.items) }))
	}

	/** Whether anything is other than it was recorded, the clock aside. */
	differsFrom(other: HealthyFiles): boolean {
		const before = new Map(other.names().map(name => [name, other.text(name)]))
		return (
			before.size !== this.#files.size || [...this.#files].some(([name, text]) => before.get(name) !== text)
		)
	}

	bundle(): Bundle {
		const asked = new Set([...this.#bundle.entries, ...this.#entries].map(({ file }) => file))
		const added = this.names().filter(file => !asked.has(file))
		return {
			...this.#bundle,
			node: { ...this.#bundle.node, dataDir: this.dataDir },
			takenAt: new Date(this.now).toISOString(),
			entries: [...this.#bundle.entries, ...this.#entries, ...added.map(file => ({ file }))],
			files: this.#files,
		}
	}
}

export async function healthyNode(name: HealthyNode, minutesLater = 0): Promise<HealthyFiles> {
	return new HealthyFiles(await openRecording(name), minutesLater)
}

/** One innocent oddity; on a server with SQLite unless it names others. */
export interface Oddity {
	name: string
	on?: readonly HealthyNode[]
	change: (node: HealthyFiles) => void
}
