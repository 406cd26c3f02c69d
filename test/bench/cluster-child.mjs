// Follows the API of a kubeconfig and prints what that costs, a line of JSON for each part.
import { fileURLToPath } from 'node:url'
import { frameOf } from '../../dist/src/app/frame.js'
import { start } from '../../dist/src/app/state.js'
import { update } from '../../dist/src/app/update.js'
import { openBundle } from '../../dist/src/bundle/open.js'
import { examine } from '../../dist/src/examine.js'
import { localHost } from '../../dist/src/host/local.js'
import { liveCluster } from '../../dist/src/sources/live/cluster.js'

const recording = fileURLToPath(new URL('../recordings/pod-crashloop.tar.gz', import.meta.url))
const say = part => process.stdout.write(`${JSON.stringify(part)}\n`)
const heap = () => {
	global.gc()
	return process.memoryUsage().heapUsed / 1048576
}
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
const idleMs = 10_000
const busyMs = 10_000

const host = localHost({ kubeconfigs: [process.argv[2]] })
await host.kube('/version', 30_000)
const node = {
	hostname: 's1',
	role: 'server',
	unit: 'k3s.service',
	init: 'systemd',
	dataDir: '/nowhere',
	root: true,
}
const before = heap()
let live
const began = performance.now()
const cluster = liveCluster({
	host,
	node,
	onNews: news => {
		live = news
	},
})
cluster.want(new Set(['pods']))
while (live?.pods?.speaker !== 'watch' || !live.cluster.pods?.length) await pause(10)
const listed = performance.now() - began
const after = heap()
say({ listed, heap: after - before, peak: process.resourceUsage().maxRSS / 1024 })

const share = async ms => {
	const used = process.cpuUsage()
	await pause(ms)
	const { user, system } = process.cpuUsage(used)
	return (user + system) / 10 / ms
}
say({ idle: await share(idleMs) })
// The server begins to change pods when it has read that.
await pause(1_000)
say({ busy: await share(busyMs) })
say({ growth: heap() - after })

const subject = examine(await openBundle(recording), [], 'bench')
let state = start({ mode: 'live', from: 'bench', size: { columns: 120, rows: 40 }, tab: 'pods' })
const send = message => {
	const [next] = update(state, message)
	state = next
	frameOf(state)
}
const timed = work => {
	const from = performance.now()
	work()
	return performance.now() - from
}
send({ type: 'examined', subject })
const news = Array.from({ length: 9 }, () => {
	const fresh = { ...live, cluster: { ...live.cluster, pods: [...live.cluster.pods] } }
	return timed(() => send({ type: 'live', live: fresh }))
}).sort((a, b) => a - b)
const keys = Array.from({ length: 200 }, (_, index) =>
	timed(() => send({ type: 'keys', keys: [index % 50 === 49 ? 'pagedown' : 'j'] })),
).sort((a, b) => a - b)
say({ news: news[4], key: keys[189] })
await cluster.stop()
process.exit(0)
