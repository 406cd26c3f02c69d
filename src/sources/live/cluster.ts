/**
 * The cluster while somebody looks at it: the lists that are wanted are followed, and when the API is silent this
 * node's own pods are told by the runtime, or by the kubelet's folders. Nothing runs that nobody wants.
 */
import type { LiveHost } from '../../host/host.js'
import type { NodeFacts } from '../../model/bundle.js'
import type { RuntimeEvidence } from '../../model/evidence/index.js'
import type { Listed, Live, Voice } from '../../model/live.js'
import { requests } from '../cluster/lists.js'
import { certifiedName, kubeletCertificate } from '../cluster/self.js'
import { type Following, follow, type Pace, usualPace } from './follow.js'
import { evidenceOf } from './lists.js'
import { askRuntime, type FilesAnswer, walkPodFolders } from './local.js'
import { rest } from './rest.js'
import { type Store, store } from './store.js'

export interface LiveCluster {
	/** Follows these lists and no others. */
	want(lists: ReadonlySet<Listed>): void
	stop(): Promise<void>
}

export interface LiveOptions {
	host: LiveHost
	node: NodeFacts
	onNews(live: Live): void
	pace?: Pace
	/** What an examination has found of the runtime: its images are not asked again. */
	runtime?: () => RuntimeEvidence | undefined
	/** Milliseconds between two news at least. */
	batch?: number
}

/** An answer of the API that takes longer is not waited for. */
const patienceMs = 1_500
/** Larger clusters are told of less often. */
const many = 2_000

export function liveCluster({
	host,
	node,
	onNews,
	pace = usualPace,
	runtime,
	batch = 150,
}: LiveOptions): LiveCluster {
	const now = () => Date.now()
	const stores = new Map<Listed, Store>()
	const followed = new Map<Listed, Following>()
	let wanted: ReadonlySet<Listed> = new Set()
	let local: LocalVoice | undefined
	let timer: NodeJS.Timeout | undefined
	let over = false
	/** The API takes its time: meanwhile this node speaks for itself. */
	let slow = false
	let patience: NodeJS.Timeout | undefined
	const nodeName = nameOf(host, node)

	function changed(): void {
		attend()
		if (timer || over) return
		const size = stores.get('pods')?.values()?.length ?? 0
		timer = setTimeout(tell, size > many ? Math.max(batch, 1_000) : batch)
		timer.unref()
	}

	/** Whether the API speaks of pods; where it does not, this node does. */
	function attend(): void {
		const pods = stores.get('pods')
		const silent =
			wanted.has('pods') && pods?.voice() === undefined && (slow || pods?.trouble() !== undefined)
		if (silent && !local) local = localVoice(host, node, pace, changed, runtime)
		if (!silent && local) {
			local.stop()
			local = undefined
		}
	}

	function tell(): void {
		timer = undefined
		if (over) return
		const pods = stores.get('pods')
		const trouble = pods?.trouble()
		const told = local?.told()
		const voice: Voice | undefined =
			pods?.voice() ?? (told && withTrouble(told.voice, [trouble, told.trouble]))
		const voices: Partial<Record<Listed, Voice>> = {}
		const troubles: Partial<Record<Listed, string>> = {}
		for (const [listed, own] of stores) {
			const speaker = own.voice()
			if (speaker) voices[listed] = speaker
			const why = own.trouble()
			if (why !== undefined) troubles[listed] = why
		}
		onNews({
			cluster: evidenceOf(listed =>
				// Of pods that the API no longer tells of, this node tells.
				listed === 'pods' && pods?.voice() === undefined ? undefined : stores.get(listed)?.values(),
			),
			...(voice && { pods: voice }),
			...(told?.runtime && { runtime: told.runtime }),
			...(told?.files && {
				podFiles: told.files.podFiles,
				...(told.files.kept && { kept: told.files.kept }),
			}),
			voices,
			troubles,
			now: now(),
		})
	}

	async function begin(listed: Listed): Promise<void> {
		const name = await nodeName
		if (over || !wanted.has(listed) || followed.has(listed)) return
		const request = requests(node, name).find(({ resource }) => resource === listed)
		const own = stores.get(listed) ?? store(listed, changed, now)
		stores.set(listed, own)
		if (request) followed.set(listed, follow(host, request.path.replace(/\?limit=\d+$/, ''), own, pace))
		else own.silent("an agent's credentials do not let it list these; look from a server")
	}

	function onSlow(): void {
		slow = true
		attend()
	}

	return {
		want(lists) {
			clearTimeout(patience)
			slow = false
			if (lists.has('pods')) patience = setTimeout(onSlow, patienceMs)
			patience?.unref()
			wanted = lists
			for (const [listed, following] of followed) {
				if (lists.has(listed)) continue
				following.stop()
				followed.delete(listed)
			}
			for (const listed of lists) if (!followed.has(listed)) void begin(listed)
			attend()
		},
		async stop() {
			over = true
			clearTimeout(timer)
			clearTimeout(patience)
			local?.stop()
			for (const following of followed.values()) following.stop()
			await Promise.all([...followed.values()].map(({ ended }) => ended))
		},
	}
}

/** The name under which this node is in the cluster; its credentials let an agent see only that one. */
async function nameOf(host: LiveHost, node: NodeFacts): Promise<string> {
	const fallback = node.hostname.toLowerCase()
	if (node.role !== 'agent') return fallback
	const pem = await host.read(kubeletCertificate(node))
	return (pem.ok && certifiedName(pem.value.text)) || fallback
}

/** Why nobody better speaks: the API's reason, then the runtime's. */
function withTrouble(voice: Voice, reasons: readonly (string | undefined)[]): Voice {
	const [api, runtime] = reasons
	const trouble = [`the API: ${api ?? 'no answer yet'}`, runtime].filter(reason => reason !== undefined)
	return { ...voice, trouble: trouble.join('; ') }
}

interface Told {
	voice: Voice
	/** Why the runtime does not speak. */
	trouble?: string
	runtime?: RuntimeEvidence
	files?: FilesAnswer
}

interface LocalVoice {
	told(): Told | undefined
	stop(): void
}

/** Asks the runtime, else walks the folders, again and again until it is stopped. */
function localVoice(
	host: LiveHost,
	node: NodeFacts,
	pace: Pace,
	changed: () => void,
	known: LiveOptions['runtime'],
): LocalVoice {
	const abort = new AbortController()
	let told: Told | undefined

	function spoken(speaker: Voice['speaker'], rest: Omit<Told, 'voice'>): void {
		const at = Date.now()
		const since = told?.voice.speaker === speaker ? told.voice.since : at
		told = { voice: { speaker, since, heardAt: at }, ...rest }
		changed()
	}

	async function run(): Promise<void> {
		while (!abort.signal.aborted) {
			const [answer, files] = await Promise.all([askRuntime(host, node, known?.()), walkPodFolders(host)])
			if (abort.signal.aborted) return
			if (answer.ok) spoken('crictl', { runtime: answer.runtime, ...(files && { files }) })
			else if (files) spoken('files', { files, trouble: answer.trouble })
			await rest(pace.poll, abort.signal)
		}
	}
	void run()
	return { told: () => told, stop: () => abort.abort() }
}
