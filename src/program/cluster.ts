/** Follows the cluster while one looks at it: what has to be followed is seen in the state, news go in as messages. */
import type { ObjectRef } from '../app/cluster/object.js'
import { wantedLists } from '../app/cluster/wanted.js'
import type { Redactor } from '../bundle/redact/redactor.js'
import type { LiveHost } from '../host/host.js'
import type { NodeFacts } from '../model/bundle.js'
import type { RuntimeEvidence } from '../model/evidence/index.js'
import type { Listed, Live } from '../model/live.js'
import type { LiveCluster } from '../sources/live/cluster.js'
import type { Loop } from './loop.js'

/** The node, and how it is asked. */
export interface ClusterHands {
	host: LiveHost
	node: NodeFacts
	/** Masks with the key of the whole session. */
	redact: Redactor
	/** What the examination found of the runtime. */
	runtime(): RuntimeEvidence | undefined
}

export interface ClusterView {
	/** One object as it is now; comes back as the message `looked-up`. */
	lookUp(ref: ObjectRef): Promise<void>
	stop(): Promise<void>
}

/** Ages move so often while nothing else does. */
const tickMs = 10_000

/** `open`: finds the node; called when the cluster is looked at for the first time, never before. */
export function clusterView(app: Loop, open: () => Promise<ClusterHands>): ClusterView {
	let hands: Promise<ClusterHands> | undefined
	let cluster: LiveCluster | undefined
	let opening = false
	let wanted: readonly Listed[] = []
	let newest: Live | undefined
	let tick: NodeJS.Timeout | undefined
	let over = false

	const opened = () => {
		hands ??= open()
		return hands
	}

	function show(live: Live): void {
		newest = live
		if (!over) app.send({ type: 'live', live })
	}

	async function begin(): Promise<void> {
		opening = true
		try {
			const [{ host, node, runtime }, { liveCluster }] = await Promise.all([
				opened(),
				import('../sources/live/cluster.js'),
			])
			if (over) return
			cluster = liveCluster({ host, node, runtime, onNews: show })
			cluster.want(new Set(wanted))
		} catch (error) {
			hands = undefined
			const text = error instanceof Error ? error.message : String(error)
			app.send({ type: 'notice', notice: { text: `The cluster cannot be followed: ${text}`, tone: 'warn' } })
		} finally {
			opening = false
		}
	}

	function attend(): void {
		const next = wantedLists(app.state())
		if (over || next.join() === wanted.join()) return
		wanted = next
		clearInterval(tick)
		if (next.length > 0) {
			tick = setInterval(() => newest && show({ ...newest, now: Date.now() }), tickMs)
			tick.unref()
		}
		if (cluster) cluster.want(new Set(next))
		else if (!opening && next.length > 0) void begin()
	}

	const unsubscribe = app.subscribe(attend)
	attend()

	return {
		async lookUp(ref) {
			const { lookUp } = await import('./look-up.js')
			const told = await opened()
				.then(({ host, redact }) => lookUp(host, redact, ref))
				.catch((error: unknown) => ({ why: error instanceof Error ? error.message : String(error) }))
			if (!over) app.send({ type: 'looked-up', looked: { ref, ...told } })
		},
		async stop() {
			over = true
			unsubscribe()
			clearInterval(tick)
			await cluster?.stop()
		},
	}
}
