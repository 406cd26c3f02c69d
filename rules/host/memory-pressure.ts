import {
	bytesInWords,
	type Evidence,
	fact,
	hint,
	log,
	nowOf,
	proof,
	type Remedy,
	rule,
	strong,
} from '../../src/rule.js'
import { ofKeptOff } from '../workload/scheduling.js'
import { evicted } from './evicted.js'
import { pressureQuote } from './load.js'
import { reports, warned } from './shortage.js'
import { goesOn, isRunning } from './state.js'
import { liftLimit, type UnitLimit, unitLimit } from './unit-limits.js'

/** The whole host ran out, not one container at its own limit (CONSTRAINT_MEMCG). */
const global = /oom-kill:constraint=CONSTRAINT_NONE.*task=(?<task>[^,]{1,40})/
const killed = /(?<!Memory cgroup )[Oo]ut of memory: Kill(?:ed)? process \d+ \((?<task>[^)]{1,40})\)/
const ownTask = /^(?:k3s|containerd|etcd)/

const hour = 3_600_000

/** Share of the memory below which a host swaps or kills. */
const scarce = 0.03

function isScarce({ memory }: Evidence): boolean {
	if (!memory || memory.total <= 0) return false
	const swapLeft = memory.swapTotal > 0 ? memory.swapFree / memory.swapTotal : 0
	return memory.available / memory.total < scarce && swapLeft < 0.2
}

function memoryLimit(evidence: Evidence): UnitLimit | undefined {
	const limit = unitLimit(evidence, 'MemoryMax') ?? unitLimit(evidence, 'MemoryLimit')
	return limit && /^\d/.test(limit.value) ? limit : undefined
}

function limitRemedy(evidence: Evidence): Remedy | undefined {
	const limit = memoryLimit(evidence)
	return limit && liftLimit(evidence, limit, 'infinity')
}

export default rule({
	cause: 'memory-pressure',
	title: 'The host runs out of memory',
	severity: 'warning',
	severityHere: ({ service, journal }) =>
		service?.state !== 'running' && journal?.current.some(({ end }) => end?.result === 'oom-kill')
			? 'critical'
			: undefined,
	explain:
		'The memory of the host is used up. The kubelet reports MemoryPressure and evicts pods, and the kernel kills processes: pods, or k3s itself. It is not about a container at its own limit; here the sum of all is too much for the machine.',
	docs: [
		'https://docs.k3s.io/installation/requirements#hardware',
		'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
	],
	signs: [
		reports('MemoryPressure'),
		fact(['kernelLog'], ({ kernelLog }, evidence) => {
			const found = kernelLog.messages.filter(({ lastText, lastAt }) => {
				const task = global.exec(lastText)?.groups?.task ?? killed.exec(lastText)?.groups?.task
				return task !== undefined && nowOf(evidence) - lastAt < (isRunning(evidence) ? hour : 6 * hour)
			})
			return found.slice(-3).map(message => {
				const task = (global.exec(message.lastText) ?? killed.exec(message.lastText))?.groups?.task ?? ''
				const own = ownTask.test(task) && !isRunning(evidence)
				return (own ? proof : strong)(
					'kernelLog',
					`The host had no memory left, and the kernel killed ${task}`,
					message,
				)
			})
		}),
		fact(['journal', 'service'], ({ journal, service }) => {
			if (service.state === 'running') return undefined
			const ended = journal.current.find(({ end }) => end?.result === 'oom-kill')
			const line = ended?.messages.findLast(({ lastText }) => /oom-kill|OOM killer/.test(lastText))
			return (
				ended &&
				strong('journal', 'systemd says that the OOM killer ended k3s', line ?? { at: ended.end?.at })
			)
		}),
		fact(['units', 'journal', 'service'], ({ journal, service }, evidence) => {
			const limit = memoryLimit(evidence)
			const ended = journal.current.some(({ end }) => end?.result === 'oom-kill' || end?.status === '9/KILL')
			if (!limit || service.state === 'running' || !ended) return undefined
			return strong('units', `the unit of k3s allows only ${limit.value} of memory`, { quote: limit.quote })
		}),
		log(
			/[Ee]viction manager: (?:attempting to reclaim|must evict pod\(s\) to reclaim).*resourceName="memory"/,
			'The kubelet evicts pods to gain memory',
			{ if: (evidence, { lastAt }) => goesOn(evidence, lastAt) },
		),
		log(/(?:fork\/exec \S+|mmap|runtime): .*cannot allocate memory/, 'k3s gets no more memory', {
			if: (evidence, { lastAt }) => goesOn(evidence, lastAt),
		}),
		fact(['memory'], ({ memory }, evidence) => {
			if (!isScarce(evidence)) return undefined
			return strong(
				'memory',
				`${bytesInWords(memory.available)} of ${bytesInWords(memory.total)} memory are available${memory.swapTotal > 0 ? ', and the swap is used up' : ''}`,
				{
					quote: {
						file: 'files/proc/meminfo',
						text: `MemAvailable: ${Math.round(memory.available / 1024)} kB`,
					},
				},
			)
		}),
		fact(['memory'], ({ memory }) => {
			const { full300 = 0, full10 = 0 } = memory.pressure.memory ?? {}
			return (
				full300 >= 10 &&
				hint(
					'memory',
					`everything waited for memory during ${Math.round(full300)} % of the last five minutes`,
					{
						quote: pressureQuote('memory', `full avg10=${full10.toFixed(2)} avg300=${full300.toFixed(2)}`),
					},
				)
			)
		}),
		fact(['cluster'], (_have, evidence) => ofKeptOff(evidence, 'memory-pressure')),
		fact(['cluster'], (_have, evidence) => evicted(evidence, /^memory$/, 'MemoryPressure')),
		warned(
			({ reason, message }) =>
				reason === 'SystemOOM' || (reason === 'EvictionThresholdMet' && /memory/i.test(message)),
			hour,
			2,
		),
	],
	leadsTo: [
		'service-killed',
		'pod-oomkilled',
		'cpu-starved',
		'disk-slow',
		'pod-unschedulable',
		'datastore-overloaded',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => [
		limitRemedy(evidence),
		{
			title: 'Find what takes the memory, and limit or move it',
			why: 'A pod without a memory limit may take all of it. With a limit only that pod is killed.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'Largest first:',
					commands: [
						'ps -eo pid,rss,args --sort=-rss | head -n 15',
						'k3s kubectl top pods -A --sort-by=memory',
						'free -m',
					],
				},
				{
					tell: 'Then give the workload a limit (resources.limits.memory), scale it down or move it to another node.',
				},
			],
			recheck: ['memory', 'cluster', 'kernelLog'],
		},
		{
			title: 'Give the host more memory',
			why: 'A server wants 2 GB and an agent 512 MB for k3s alone; etcd and many pods want more.',
			risk: 'restart',
			interrupts: 'the whole host, while it is enlarged',
			steps: [{ tell: 'Enlarge the machine, or add another node and move pods there.' }],
			recheck: ['memory', 'cluster'],
		},
	],
})
