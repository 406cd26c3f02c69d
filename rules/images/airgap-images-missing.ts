import {
	type Evidence,
	type Finding,
	fact,
	filesBelow,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { mirrorEntry, restartCommand } from '../workload/commands.js'
import { listed, minutes, seconds } from '../workload/pods.js'
import { archives, imageFolder, isArchive } from './archives.js'
import { isPause } from './image-name.js'
import { failedPulls } from './pulls.js'
import { forPods, pullSigns } from './sign.js'
import { wantedAddOnImages } from './wanted.js'
import { cannotReach, isOwnedBy } from './whose.js'

const missing = (evidence: Evidence) =>
	failedPulls(evidence).filter(
		pull => cannotReach(pull) && isOwnedBy(evidence, pull, 'airgap-images-missing'),
	)

/** The resolver itself is silent: then the network may be the fault, and not the files. */
const resolverSilent = /lookup [^\n]{1,300}(?:i\/o timeout|server misbehaving|connection refused)/

const importFailed =
	/(?:Failed to process image event: failed to import(?: images from)?|Error encountered while importing|Unable to (?:import|process)) (?<path>\/[^\s:]+):? (?<why>.{1,300})/
const noFaultOfFile = /no space left|context canceled|read-only file system/

function archName(machine: string | undefined): string | undefined {
	if (machine === 'x86_64' || machine === 'amd64') return 'amd64'
	if (machine === 'aarch64' || machine === 'arm64') return 'arm64'
	return machine?.startsWith('armv') ? 'arm' : undefined
}

export default rule({
	cause: 'airgap-images-missing',
	title: "k3s's own images are not on this node, and it cannot fetch them",
	severity: 'warning',
	severityHere: evidence =>
		missing(evidence).some(({ image }) => isPause(image) || image.includes('coredns'))
			? 'critical'
			: undefined,
	explain:
		'The images that k3s itself needs (pause, CoreDNS, Traefik, the helm job and so on) are neither in containerd nor to be had from a registry. A host without a way out gets them as one archive, which must lie in agent/images below the data directory, fit the version and the processor, and be whole. Without the pause image no pod starts at all.',
	docs: ['https://docs.k3s.io/installation/airgap'],
	signs: [
		...pullSigns({
			of: (pull, evidence) => cannotReach(pull) && isOwnedBy(evidence, pull, 'airgap-images-missing'),
			says: pull =>
				`${pull.image}, which k3s itself needs, is not here, and ${pull.host || 'its registry'} cannot be reached${forPods(pull)}`,
			weight: pull => (pull.repeated && !resolverSilent.test(pull.text) ? 'proof' : 'strong'),
		}),
		fact(['files'], ({ files }, evidence) => {
			if (missing(evidence).length === 0) return undefined
			const folder = imageFolder(evidence)
			const there = archives(files, folder)
			if (there === undefined) return undefined
			if (there.length === 0) return strong('files', `${folder} holds no image archive`)
			return hint(
				'files',
				`${folder} holds ${listed(there.map(({ path }) => path.slice(folder.length + 1)))}, which did not bring this image`,
				{ quote: there[0]?.quote },
			)
		}),
		fact(['files'], ({ files }, evidence) => {
			const folder = imageFolder(evidence)
			return filesBelow(files, folder)
				.filter(({ path, type }) => type === 'file' && !isArchive(path) && missing(evidence).length > 0)
				.filter(({ path }) => !path.slice(folder.length + 1).startsWith('.'))
				.slice(0, 3)
				.map(({ path, quote }) =>
					hint('files', `k3s passes over ${path}: its name ends in no known way`, { quote }),
				)
		}),
		fact(['cluster', 'runtime', 'files'], ({ cluster, files }, evidence) => {
			// The archives show that this node was meant to live without a registry.
			const there = archives(files, imageFolder(evidence))
			if (!there?.length || missing(evidence).length > 0) return undefined
			const wanted = wantedAddOnImages(evidence, 30 * seconds)
			if (!cluster.events?.length || wanted.length === 0) return undefined
			return strong(
				'runtime',
				`${listed(wanted.map(({ by }) => by))} need ${listed(wanted.map(({ image }) => image))}, which is not on this node, and this node gets its images as files (${listed(there.map(({ path }) => path))})`,
			)
		}),
		fact(['journal'], ({ journal }, evidence) => {
			const found: Finding[] = []
			for (const message of journal.newest?.messages ?? []) {
				const { path, why = '' } = importFailed.exec(message.lastText)?.groups ?? {}
				if (!path || noFaultOfFile.test(why)) continue
				const says = `k3s could not import ${path}: ${why}`
				// While an archive is still being copied it looks broken, too; later k3s takes it in.
				const later = journal.newest?.messages.some(
					({ lastText, lastAt }) =>
						lastAt >= message.lastAt && lastText.includes(path) && /[Ii]mported images? from/.test(lastText),
				)
				const lasting = !later && nowOf(evidence) - message.lastAt > 2 * minutes
				const weight = missing(evidence).length > 0 ? proof : lasting || message.count > 2 ? strong : hint
				found.push(weight('journal', says, message))
			}
			return found
		}),
		log(
			/window size exceeded/,
			'An archive was packed with a zstd window that k3s does not accept (above 32 MiB)',
			{
				weight: 'hint',
				when: 'ever',
			},
		),
	],
	leadsTo: [
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'local-path-failed',
		'helm-job-failed',
		'apiservice-unavailable',
		'pod-unschedulable',
	],
	remedies: evidence => {
		const { node, k3s, kernel, cluster } = evidence
		const version = /^v[\w.+-]{1,60}$/.exec(k3s?.version ?? k3s?.runningVersion ?? '')?.[0]
		const arch = archName(kernel?.arch ?? cluster?.self?.arch) ?? 'ARCH'
		const file = `k3s-airgap-images-${arch}.tar.zst`
		const folder = pathArgument(imageFolder(evidence)) ?? '/var/lib/rancher/k3s/agent/images'
		const release = version ? version.replace('+', '%2B') : 'VERSION'
		return [
			{
				title: 'Bring the image archive of this very version',
				why: 'One file holds all images that this version of k3s needs. k3s v1.32 and later import it as soon as it is there, older ones at their start.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a host with internet access:',
						commands: [
							`curl -fLO https://github.com/k3s-io/k3s/releases/download/${release}/${file}`,
							`scp ${file} THIS_NODE:/tmp/`,
						],
					},
					{ tell: 'On this node:', commands: [`install -D -m 0644 /tmp/${file} ${folder}/${file}`] },
				],
				recheck: ['runtime', 'files', 'cluster'],
			},
			{
				title: 'Import the archive by a restart of k3s',
				why: 'At its start k3s imports every archive in that folder.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				preconditions: [{ pathExists: `${folder}/${file}` }],
				steps: restartSteps(node, 300),
				recheck: ['runtime', 'journal', 'cluster'],
			},
			{
				title: 'Let the node fetch them from a registry',
				why: 'A registry inside the site that holds these images, or a way to Docker Hub, does as well.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `Name the registry in /etc/rancher/k3s/registries.yaml, ${mirrorEntry('docker.io', 'https://REGISTRY')}, and restart k3s:`,
						commands: [restartCommand(node)],
					},
				],
				recheck: ['registries', 'runtime', 'cluster'],
			},
		]
	},
})
