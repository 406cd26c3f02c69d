/** The recorded nodes: bundles of real k3s nodes, and what was wrong with each. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBundle } from '../src/bundle/open.js'
import type { Bundle } from '../src/model/bundle.js'

export interface Truth {
	/** What was done to the node, in a sentence. */
	what: string
	state: 'broken' | 'healthy'
	/** The root cause's id; `null` on a healthy node. */
	cause: string | null
	/** Causes that are true as well, or fair to name. */
	also: readonly string[]
	mend: string | null
	/** Whether `mend` was tried and brought the node back. */
	mendVerified?: boolean
}

const folder = fileURLToPath(new URL('./recordings/', import.meta.url))
const suffix = '.tar.gz'

/** The path of a recording's archive. */
export function recordingPath(name: string): string {
	return `${folder}${name}${suffix}`
}

/** Names of all recorded nodes, sorted. */
export function recordingNames(): string[] {
	return readdirSync(folder)
		.filter(file => file.endsWith(suffix))
		.map(file => file.slice(0, -suffix.length))
		.sort()
}

let truths: ReadonlyMap<string, Truth> | undefined

/** What is true of a recorded node. */
export function truthOf(name: string): Truth {
	truths ??= new Map(
		Object.entries(JSON.parse(readFileSync(`${folder}truth.json`, 'utf8')) as Record<string, Truth>),
	)
	const truth = truths.get(name)
	if (!truth) throw new Error(`No truth for the recording ${name}`)
	return truth
}

const opened = new Map<string, Promise<Bundle>>()

/** The recorded node's bundle; each is opened once per process. */
export function openRecording(name: string): Promise<Bundle> {
	const known = opened.get(name)
	if (known) return known
	const bundle = openBundle(recordingPath(name))
	opened.set(name, bundle)
	return bundle
}
