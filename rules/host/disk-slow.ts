import { type Evidence, fact, hint, log, type Message, persists, rule, strong } from '../../src/rule.js'
import { cpuWait, ioStall, lastingSeries, lostItsLease, pressureQuote } from './load.js'
import { goDuration } from './spans.js'
import { goesOn, spokenNow } from './state.js'

/** Complaints of the datastore about its own latency. */
const slowness =
	/apply request took too long|waiting for ReadIndex response took too long|leader failed to send out heartbeat on time|^Slow SQL/

const late = /waiting for ReadIndex response took too long|leader failed to send out heartbeat on time/

/** What took three times as long as it may, the first and the last of many. */
const isLate = ({ quote, lastQuote }: Message) =>
	[quote, lastQuote].every(({ text }) => goDuration(/"took":"([^"]{1,40})"/.exec(text)?.[1] ?? '') >= 300)

/** Without a leader everything waits, and no disk is to blame. */
function isLeaderless(evidence: Evidence): boolean {
	return spokenNow(evidence).some(({ text }) => /no leader|lost leader|prober detected unhealthy/.test(text))
}

const stuck = /INFO: task (?<task>[\w./:-]{1,40}):\d+ blocked for more than \d+ seconds/

/** Percent of five minutes in which nothing could go on because of the disk. */
const heavy = 25
/** CPU pressure above which slow answers say nothing of the disk. */
const busy = 80

const tookOf = (line: string) => /"took":"([^"]{1,30})"/.exec(line)?.[1] ?? ''

export default rule({
	cause: 'disk-slow',
	title: 'The disk is too slow for the datastore',
	severity: 'warning',
	severityHere: evidence => (lostItsLease(evidence) ? 'critical' : undefined),
	explain:
		'etcd and SQLite write every change to the disk before they answer. When that takes longer than a few hundredths of a second, the API server gets slow; when it takes seconds, leases are lost, leaders change, and k3s restarts itself. SD cards, network disks, shared virtual disks and backups that run at the same time are the usual reasons.',
	docs: [
		'https://docs.k3s.io/installation/requirements#disks',
		'https://etcd.io/docs/v3.5/faq/#what-does-the-etcd-warning-failed-to-send-out-heartbeat-on-time-mean',
	],
	signs: [
		log(
			/slow fdatasync/,
			(_groups, { count }) => `etcd waited for more than a second for the disk, ${count} times`,
			{
				in: 'journal',
				if: (evidence, { count, lastAt }) => count >= 3 && goesOn(evidence, lastAt),
			},
		),
		log(
			/slow fdatasync/,
			(_groups, { lastQuote }) =>
				`etcd waited ${tookOf(lastQuote.text)} for a single write; a lease is lost after ten seconds`,
			{
				weight: 'hint',
				if: (evidence, { count, lastAt, lastQuote }) =>
					count < 3 && goDuration(tookOf(lastQuote.text)) >= 5000 && goesOn(evidence, lastAt),
			},
		),
		log(
			/failed to defragment etcd database: (?<why>[^\n]{0,200})/,
			({ why }) => `etcd could not be defragmented in time: ${why}`,
			{ neverProof: true },
		),
		// Healthy nodes never say these, however busy they are.
		fact(['journal'], (_have, evidence) => {
			const series = lastingSeries(evidence, late, { count: 20, spanMinutes: 3 })
			return (
				series &&
				cpuWait(evidence) < busy &&
				!isLeaderless(evidence) &&
				strong('journal', `etcd comes too late with what it writes (${series.count} times)`, {
					quote: series.newest.lastQuote,
					at: series.newest.lastAt,
				})
			)
		}),
		fact(['journal'], (_have, evidence) => {
			const series = lastingSeries(evidence, slowness, { count: 200, spanMinutes: 10 })
			return (
				series &&
				cpuWait(evidence) < busy &&
				hint('journal', `the datastore complains of its slowness again and again (${series.count} times)`, {
					quote: series.newest.lastQuote,
					at: series.newest.lastAt,
				})
			)
		}),
		log(
			/apply request took too long/,
			(_groups, { count }) => `etcd took much too long for ${count} requests`,
			{
				if: (evidence, message) =>
					persists(evidence, message, { times: 40, span: 240_000 }) &&
					isLate(message) &&
					cpuWait(evidence) < busy &&
					!isLeaderless(evidence),
			},
		),
		fact(['journal', 'service'], (_have, evidence) => {
			const lost = ioStall(evidence) >= heavy ? lostItsLease(evidence) : undefined
			return lost && hint('journal', 'a part of the control plane could not renew its lease in time', lost)
		}),
		fact(['memory'], ({ memory }, evidence) => {
			const stall = ioStall(evidence)
			const now = memory.pressure.io?.full10 ?? 0
			if (stall < heavy) return undefined
			return hint(
				'memory',
				`everything on this host waited for its disks during ${Math.round(stall)} % of the last five minutes`,
				{
					quote: pressureQuote('io', `full avg10=${now.toFixed(2)} avg300=${stall.toFixed(2)}`),
				},
			)
		}),
		log(stuck, ({ task }) => `the kernel says that ${task} hangs and waits for its disk`, {
			in: 'kernelLog',
			if: (evidence, { lastAt }, { task = '' }) =>
				/^(?:k3s|etcd|containerd|jbd2|xfsaild|kworker|sqlite|txg_sync)/.test(task) &&
				goesOn(evidence, lastAt),
		}),
		fact(['processes'], ({ processes }) => {
			const waiting = processes.filter(
				({ stat, args }) =>
					stat.startsWith('D') && /(?:^|\/)(?:k3s|containerd|etcd)\b|\[jbd2|\[xfsaild/.test(args),
			)
			return (
				waiting.length > 1 &&
				hint(
					'processes',
					`${waiting.length} processes of k3s wait for the disk (state D): ${waiting.map(({ pid }) => pid).join(', ')}`,
				)
			)
		}),
		fact(['kernelLog'], ({ kernelLog }, evidence) => {
			const reset = kernelLog.messages.find(
				({ lastText, count, lastAt }) =>
					/(?:nvme\w*: I\/O \d+ .*timeout|ata\d+.*(?:link is slow|failed command|hard resetting link)|mmc\d: Timeout|scsi.*(?:timing out|abort))/.test(
						lastText,
					) &&
					count > 1 &&
					goesOn(evidence, lastAt),
			)
			return reset && strong('kernelLog', 'a disk does not answer in time', reset)
		}),
	],
	leadsTo: ['datastore-overloaded', 'sqlite-slow', 'etcd-quorum-lost', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Find who keeps the disk busy',
			why: 'A backup, a scrub, a database or an image pull beside k3s is easier to move than the datastore.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'Watch latencies (await, in ms) and writers; a datastore wants fsync below 10 ms:',
					commands: [
						'iostat -x 2 5',
						'pidstat -d 2 5',
						`fio --name=fsync --directory=${node.dataDir}/server/db --rw=write --ioengine=sync --fdatasync=1 --size=22m --bs=2300 && rm ${node.dataDir}/server/db/fsync.0.0`,
					],
				},
			],
			recheck: ['memory', 'journal'],
		},
		{
			title: 'Put the datastore on an SSD',
			why: 'No setting replaces a disk that can sync in milliseconds. A link from the old place is enough.',
			risk: 'restart',
			interrupts: "this server's API while the data are copied",
			steps: [
				{
					tell: 'With the new disk mounted at /mnt/fast:',
					commands: [
						`systemctl stop ${node.unit}`,
						`cp -a ${node.dataDir}/server/db /mnt/fast/db`,
						`mv ${node.dataDir}/server/db ${node.dataDir}/server/db.old && ln -s /mnt/fast/db ${node.dataDir}/server/db`,
						`systemctl start ${node.unit}`,
					],
				},
			],
			recheck: ['memory', 'journal', 'datastore'],
		},
	],
	appliesTo: ['server'],
})
