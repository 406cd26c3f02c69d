import { fact, log, proof, rule, serviceStep, strong } from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { latestEvent } from '../workload/events.js'
import { fullName, isReady, minutes, ownPods } from '../workload/pods.js'
import { containerdSign, runs, whileDown } from './state.js'

const reserved = /failed to reserve (?<kind>sandbox|container) name [^\n]{0,300}is reserved for/

const lostContent =
	/failed to (?:create containerd container|unpack image|extract layer|prepare extraction snapshot)[^\n]{0,600}(?:snapshot [^\n]{1,200} does not exist|content digest [^\n]{1,120}: not found|blob [^\n]{1,120} not found|missing parent|failed to stat parent)/

export default rule({
	cause: 'containerd-state-corrupt',
	title: "containerd's own records are damaged",
	severity: 'critical',
	severityHere: evidence => (runs(evidence) ? 'warning' : undefined),
	explain:
		'containerd keeps what it knows of images, snapshots and containers in small databases below agent/containerd. After a power loss, a full disk or a dying disk they may not open, or name content that is gone. Nothing of the cluster is in them: images can be pulled again and containers started anew.',
	docs: ['https://docs.k3s.io/upgrades/killall', 'https://docs.k3s.io/advanced#configuring-containerd'],
	signs: [
		containerdSign(
			/(?<what>invalid database|database file corrupt|(?:bolt|meta)\w*\.db[^\n]{0,200}(?:invalid|corrupt|file size too small|version mismatch)|page \d+ already freed|freelist[^\n]{0,60}(?:invalid|corrupt)|unexpected fault address)/,
			({ what }) => `containerd cannot open one of its databases: ${what}`,
			whileDown('proof'),
		),
		containerdSign(
			/(?<what>failed to recover state|failed to load sandbox metadata|failed to load task \S{1,80} shim|snapshot \S{1,120} does not exist|sandbox \S{1,80} (?:has no|without) metadata)(?<why>[^\n]{0,300})/,
			({ what, why }) => `containerd cannot take up its former state: ${what}${why}`,
			whileDown('strong'),
		),
		containerdSign(
			/waiting for response from boltdb open/,
			() =>
				'containerd waits for the lock of its database: another containerd holds it, or the disk does not answer',
			whileDown('strong'),
		),
		log(reserved, ({ kind }) => `The name of a ${kind} is still taken by a start that never ended`, {
			weight: 'hint',
			if: (_evidence, { count }) => count >= 5,
		}),
		fact(['cluster'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.map(pod => {
					const event = latestEvent(evidence, 'Pod', pod, ({ message }) => reserved.test(message))
					return (
						event &&
						(event.count >= 5 || event.lastAt - event.firstAt > 3 * minutes) &&
						strong(
							'cluster',
							`${fullName(pod)} does not start: its name in containerd is still taken by a start that never ended`,
							citeEvent(event),
						)
					)
				}),
		),
		fact(['files', 'service'], ({ files, node }, evidence) => {
			const path = `${node.dataDir}/agent/containerd/io.containerd.metadata.v1.bolt/meta.db`
			const file = files.listed.get(path)
			return (
				file?.size === 0 &&
				!runs(evidence) &&
				proof('files', `${path} is empty: it lost its content`, { quote: file.quote })
			)
		}),
		fact(['cluster'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.map(pod => {
					const event = latestEvent(evidence, 'Pod', pod, ({ message }) => lostContent.test(message))
					return (
						event &&
						strong('cluster', `${fullName(pod)} does not start: content is missing`, citeEvent(event))
					)
				}),
		),
	],
	leadsTo: ['containerd-failed', 'runtime-create-failed', 'pod-stuck-terminating', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: "Put containerd's state aside and let it begin anew",
			why: 'Images are pulled or imported again and all containers of this node start anew. Volumes of local-path and the datastore lie elsewhere and stay.',
			risk: 'destructive',
			interrupts:
				'every pod of this node, until its images are here again; what pods keep in emptyDir is lost',
			preconditions: [{ pathExists: `${node.dataDir}/agent/containerd` }],
			steps: [
				{
					tell: 'If the cluster has other nodes, let them take over first (from a server):',
					commands: ['k3s kubectl drain NODE --ignore-daemonsets --delete-emptydir-data'],
				},
				serviceStep(node, 'stop'),
				{ run: ['k3s-killall.sh'], limitSeconds: 120 },
				{ move: `${node.dataDir}/agent/containerd`, to: `${node.dataDir}/agent/containerd.bak` },
				serviceStep(node, 'start'),
				...(node.init === 'systemd'
					? [{ waitFor: { unitActive: node.unit }, limitSeconds: 300 } as const]
					: []),
			],
			recheck: ['containerd', 'runtime', 'units', 'journal', 'cluster'],
		},
		{
			title: 'Look at the disk first',
			why: 'A damaged database is often the first word of a dying disk or of a full one.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{ run: ['tail', '-n', '40', `${node.dataDir}/agent/containerd/containerd.log`] },
				{ run: ['df', '-h', `${node.dataDir}/agent`] },
			],
			recheck: ['disks', 'kernelLog', 'containerd'],
		},
	],
})
