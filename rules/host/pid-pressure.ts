import { type Evidence, fact, hint, log, proof, rule, strong } from '../../src/rule.js'
import { said } from './said.js'
import { reports } from './shortage.js'
import { goesOn, isTroubled, spokenNow } from './state.js'
import { liftLimit, type UnitLimit, unitLimit } from './unit-limits.js'

const noThread =
	/fork\/exec [^:]{1,300}: resource temporarily unavailable|pthread_create failed: Resource temporarily unavailable|runtime: (?:failed to create new OS thread|may need to increase max user processes)|newosproc|fork: retry: .*Resource temporarily unavailable|(?:unable to|can't) (?:fork|create (?:native )?thread)/i

const rejected = /cgroup: fork rejected by pids controller in (?<group>\/\S{1,300})/

/** Threads that exist, by the fourth word of /proc/loadavg: `3/812`. */
function threads({ files }: Evidence): number | undefined {
	const found = /^\S+ \S+ \S+ \d+\/(\d{1,9}) /.exec(files?.texts.get('/proc/loadavg') ?? '')
	return found ? Number(found[1]) : undefined
}

function limitOf({ kernel }: Evidence): { name: string; most: number } | undefined {
	const limits = ['kernel.pid_max', 'kernel.threads-max']
		.map(name => ({ name, most: Number(kernel?.sysctl.get(name)) }))
		.filter(({ most }) => most > 0)
		.sort((a, b) => a.most - b.most)
	return limits[0]
}

/** A limit that somebody wrote into the unit of k3s; k3s ships with infinity. */
function taskLimit(evidence: Evidence): UnitLimit | undefined {
	const limit = unitLimit(evidence, 'TasksMax') ?? unitLimit(evidence, 'LimitNPROC')
	return limit && /^\d{1,9}%?$/.test(limit.value) ? limit : undefined
}

export default rule({
	cause: 'pid-pressure',
	title: 'No more processes or threads can be made',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'The host, or the control group of k3s, has as many processes and threads as it may have. Nothing new can be started: no container, no probe, not even a login. A program that leaves threads or zombies behind is the usual reason, sometimes a limit that is too small.',
	docs: [
		'https://kubernetes.io/docs/concepts/policy/pid-limiting/',
		'https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html',
	],
	signs: [
		reports('PIDPressure'),
		fact(['units', 'journal'], (_have, evidence) => {
			const limit = taskLimit(evidence)
			const met = spokenNow(evidence).some(
				({ lastText, lastAt }) => noThread.test(lastText) && goesOn(evidence, lastAt),
			)
			if (!limit) return undefined
			const says = `the unit of k3s allows only ${limit.value} processes and threads (${limit.line.split('=')[0]}), its containers included`
			if (met) return proof('units', says, { quote: limit.quote })
			return isTroubled(evidence) && hint('units', says, { quote: limit.quote })
		}),
		said(noThread, 'k3s cannot start another process or thread'),
		log(noThread, 'containerd cannot start another process or thread', {
			in: 'containerd',
			if: (evidence, { lastAt }) => goesOn(evidence, lastAt),
		}),
		log(rejected, ({ group }) => `the kernel refused another process to ${group}`, {
			in: 'kernelLog',
			// A single pod that meets its own limit is its own trouble.
			if: (evidence, { lastAt }, { group = '' }) => !/kubepods/.test(group) && goesOn(evidence, lastAt),
		}),
		fact(['files', 'kernel'], (_have, evidence) => {
			const now = threads(evidence)
			const limit = limitOf(evidence)
			if (now === undefined || !limit || now < limit.most * 0.9) return undefined
			return strong('kernel', `${now} processes and threads exist; ${limit.name} allows ${limit.most}`, {
				quote: { file: 'commands/sysctl.txt', text: `${limit.name} = ${limit.most}` },
			})
		}),
	],
	leadsTo: ['containerd-failed', 'runtime-create-failed', 'pod-probe-failing', 'node-not-ready'],
	remedies: evidence => {
		const limit = taskLimit(evidence)
		return [
			limit && liftLimit(evidence, limit, 'infinity'),
			{
				title: 'Find who makes so many processes',
				why: 'A larger limit only puts it off if a program leaks threads.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Count threads by program, and zombies by parent; then restart or limit the guilty one:',
						commands: [
							'ps -eLo comm= | sort | uniq -c | sort -rn | head',
							"ps -eo ppid,stat,comm | awk '$2 ~ /^Z/' | sort | uniq -c",
						],
					},
				],
				recheck: ['kernel', 'processes', 'cluster'],
			},
			{
				title: 'Allow more processes',
				why: 'Right where many pods simply need them. Pods are kept in bounds by kubelet-arg pod-max-pids.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{ run: ['sysctl', '-w', 'kernel.pid_max=4194304'] },
					{ write: '/etc/sysctl.d/90-k3s-pids.conf', content: 'kernel.pid_max = 4194304\n' },
				],
				recheck: ['kernel', 'cluster', 'journal'],
			},
		]
	},
})
