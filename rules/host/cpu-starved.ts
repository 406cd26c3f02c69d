import { type Evidence, fact, hint, log, rule, strong } from '../../src/rule.js'
import { cpuWait, ioStall, lastingSeries, lostItsLease, pressureQuote } from './load.js'
import { goesOn, isTroubled } from './state.js'
import { liftLimit, unitLimit } from './unit-limits.js'

/** What k3s says when it gets no time: leases, heartbeats and probes that come too late. */
const late =
	/Failed to update lease|leader failed to send out heartbeat on time|apply request took too long|etcdserver: request timed out|Timeout exceeded while awaiting headers|http2: client connection lost|^Slow SQL|probe failed.*(?:deadline exceeded|timeout)/i

const lockup =
	/(?:soft lockup - CPU#\d+ stuck|rcu_\w+ self-detected stall|rcu: INFO: rcu_\w+ detected (?:expedited )?stalls)/

/** Percent of five minutes in which some task waited for a CPU. A busy but healthy small host reaches 65. */
const heavy = 85
/** Runnable tasks per CPU. */
const crowded = 5

/** How pressed the CPUs are, in a sentence. */
function pressed(evidence: Evidence): string | undefined {
	const { memory } = evidence
	const wait = cpuWait(evidence)
	if (wait >= heavy) return `tasks waited for a CPU during ${Math.round(wait)} % of the last five minutes`
	const load = memory?.load?.[1]
	const cpus = memory?.cpus
	// Tasks that wait for a disk count into the load, too.
	if (!load || !cpus || load / cpus < crowded || ioStall(evidence) >= 25) return undefined
	return `the load of five minutes is ${load.toFixed(1)} on ${cpus} CPU${cpus > 1 ? 's' : ''}`
}

export default rule({
	cause: 'cpu-starved',
	title: 'The CPUs are so busy that k3s comes too late',
	severity: 'warning',
	severityHere: evidence => (lostItsLease(evidence) ? 'critical' : undefined),
	explain:
		'k3s has to renew leases and answer probes within seconds. When other work takes all the CPU time (or a virtual machine gets too little of its host), it comes too late: leases are lost, parts of the control plane end themselves, containers are restarted because their probes time out.',
	docs: [
		'https://docs.k3s.io/installation/requirements#hardware',
		'https://docs.kernel.org/accounting/psi.html',
	],
	signs: [
		fact(['memory'], ({ memory }, evidence) => {
			const says = pressed(evidence)
			const { some10 = 0, some300 = 0 } = memory.pressure.cpu ?? {}
			return (
				says !== undefined &&
				hint('memory', says, {
					quote: memory.pressure.cpu
						? pressureQuote('cpu', `some avg10=${some10.toFixed(2)} avg300=${some300.toFixed(2)}`)
						: { file: 'files/proc/loadavg', text: memory.load?.join(' ') ?? '' },
				})
			)
		}),
		fact(['journal', 'memory'], (_have, evidence) => {
			if (!pressed(evidence)) return undefined
			const lost = lostItsLease(evidence)
			if (lost)
				return strong('journal', 'a part of the control plane could not renew its lease in time', lost)
			const series = lastingSeries(evidence, late, { count: 60, spanMinutes: 5 })
			return (
				series &&
				hint('journal', `k3s comes too late again and again (${series.count} times)`, {
					quote: series.newest.lastQuote,
					at: series.newest.lastAt,
				})
			)
		}),
		fact(['units', 'service'], ({ service }, evidence) => {
			const limit = unitLimit(evidence, 'CPUQuota')
			const percent = Number(/^(\d{1,6}(?:\.\d{1,3})?)%$/.exec(limit?.value ?? '')?.[1] ?? Number.NaN)
			if (!limit || !(percent <= 50)) return undefined
			const suffers =
				isTroubled(evidence) ||
				(service.state === 'starting' && (service.ageSeconds ?? 0) > 60) ||
				lastingSeries(evidence, late, { count: 20, spanMinutes: 2 }) !== undefined
			return (suffers ? strong : hint)(
				'units',
				`the unit of k3s may use only ${limit.value} of one CPU, its containers included`,
				{ quote: limit.quote },
			)
		}),
		log(lockup, (_groups, { count }) => `the kernel says that a CPU did not get on (${count} times)`, {
			in: 'kernelLog',
			if: (evidence, { lastAt }) => goesOn(evidence, lastAt),
		}),
		fact(['processes', 'memory'], ({ processes }, evidence) => {
			if (!pressed(evidence)) return undefined
			const [top] = [...processes].sort((a, b) => b.cpuPercent - a.cpuPercent)
			if (!top || top.cpuPercent < 50) return undefined
			return hint(
				'processes',
				`process ${top.pid} alone takes ${Math.round(top.cpuPercent)} % of a CPU: ${top.args.slice(0, 120)}`,
			)
		}),
	],
	leadsTo: [
		'datastore-overloaded',
		'sqlite-slow',
		'etcd-quorum-lost',
		'pod-probe-failing',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const top = [...(evidence.processes ?? [])].sort((a, b) => b.cpuPercent - a.cpuPercent)[0]
		const quota = unitLimit(evidence, 'CPUQuota')
		return [
			quota && quota.value !== '' ? liftLimit(evidence, quota, '') : undefined,
			{
				title: 'Find who takes the CPU time',
				why: 'Pods without a CPU limit, or programs beside k3s, can take all of it.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: `Look at the largest consumers${top ? ` (now: process ${top.pid})` : ''}, and limit or move them:`,
						commands: [
							'top -b -n 1 -o %CPU | head -n 25',
							'k3s kubectl top pods -A --sort-by=cpu',
							'vmstat 2 5   # column st: time that the hypervisor took away',
						],
					},
				],
				recheck: ['memory', 'processes', 'journal'],
			},
			{
				title: 'Give the host more CPU, or k3s less to do',
				why: 'A server wants two CPUs at least; pods with requests and limits leave k3s its share.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Set CPU requests and limits for the heavy workloads, move some to an agent, or enlarge the machine.',
					},
				],
				recheck: ['memory'],
			},
		]
	},
})
