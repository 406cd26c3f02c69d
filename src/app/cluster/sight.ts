/** What there is to be shown of the cluster: live lists where there are some, else what the examination found. */
import type { ClusterEvidence, RuntimeEvidence } from '../../model/evidence/index.js'
import type { Listed, Live, Voice } from '../../model/live.js'
import {
	kubeletPodRoot,
	type PodFiles,
	podFilesOf,
	podLogRoot,
	type SeenFile,
	taskRoot,
} from '../../model/pod-files.js'
import { takenAt } from '../diagnoses.js'
import type { State } from '../state.js'
import type { Subject } from '../subject.js'

export interface Sight {
	/** Lists of the API, as far as there are some. */
	cluster: ClusterEvidence
	/** Who tells of pods. `bundle`: what was collected, whoever told it then. */
	by: 'api' | 'runtime' | 'files' | 'nowhere'
	runtime: RuntimeEvidence | undefined
	podFiles: readonly PodFiles[]
	/** Uids of the pods that the kubelet knows; absent: nobody could look. */
	kept?: ReadonlySet<string>
	voice?: Voice
	/** The name of this node in the cluster. */
	node: string
	/** To count ages from. */
	now: number
	/** Why the API said nothing, as far as that is known. */
	trouble?: string
	live: boolean
	/** An agent's credentials let it see no other node's pods. */
	ownOnly: boolean
	/** Who tells the other lists, and why one is not told. */
	voices: Live['voices']
	troubles: Live['troubles']
}

const ofSubjects = new WeakMap<Subject, Sight>()
const ofLives = new WeakMap<Live, { subject: Subject | undefined; sight: Sight }>()

/** The same object as long as nothing has changed: rows are made of it once. */
export function sightOf({ subject, live }: Pick<State, 'subject' | 'live'>): Sight | undefined {
	const past = subject && ofSubject(subject)
	if (!live) return past
	const known = ofLives.get(live)
	if (known && known.subject === subject) return known.sight
	const sight = ofLive(live, past)
	ofLives.set(live, { subject, sight })
	return sight
}

function ofSubject(subject: Subject): Sight {
	const known = ofSubjects.get(subject)
	if (known) return known
	const { evidence, report } = subject
	const { cluster = {}, runtime } = evidence
	const { podFiles, kept } = filesOf(subject)
	const by = cluster.pods
		? 'api'
		: runtime?.answered && !runtime.unanswered?.includes('pods')
			? 'runtime'
			: podFiles.length > 0
				? 'files'
				: 'nowhere'
	const sight: Sight = {
		cluster,
		by,
		runtime,
		podFiles,
		node: cluster.self?.name ?? report.node.hostname.toLowerCase(),
		now: takenAt(report),
		live: false,
		ownOnly: report.node.role === 'agent',
		voices: {},
		troubles: {},
		...(kept && { kept }),
		...(evidence.api?.error && { trouble: evidence.api.error }),
	}
	ofSubjects.set(subject, sight)
	return sight
}

const workloadLists: Readonly<Partial<Record<Listed, string>>> = {
	deployments: 'Deployment',
	daemonsets: 'DaemonSet',
	statefulsets: 'StatefulSet',
	replicasets: 'ReplicaSet',
	jobs: 'Job',
}

/** Lists that are followed replace the older ones; of workloads each kind on its own. */
function together(past: ClusterEvidence, { cluster, voices }: Live): ClusterEvidence {
	const fresh = new Set(Object.keys(voices).map(listed => workloadLists[listed as Listed]))
	const older = past.workloads?.filter(({ kind }) => !fresh.has(kind)) ?? []
	const workloads = cluster.workloads && [...older, ...cluster.workloads]
	return { ...past, ...cluster, ...(workloads && { workloads }) }
}

function ofLive(live: Live, past: Sight | undefined): Sight {
	// Until the first live answer the examination's own stands; a list that is not watched keeps it as well.
	const { pods: voice } = live
	if (!voice)
		return {
			...(past ?? nothing),
			cluster: together(past?.cluster ?? {}, live),
			now: live.now,
			live: true,
			voices: live.voices,
			troubles: live.troubles,
		}
	const spoken = { watch: 'api', poll: 'api', crictl: 'runtime', files: 'files' } as const
	const { pods: _old, ...others } = past?.cluster ?? {}
	return {
		cluster: together(others, live),
		by: spoken[voice.speaker],
		runtime: live.runtime ?? past?.runtime,
		podFiles: live.podFiles ?? [],
		...(live.kept && { kept: live.kept }),
		voice,
		node: past?.node ?? '',
		ownOnly: past?.ownOnly ?? false,
		now: live.now,
		live: true,
		voices: live.voices,
		troubles: live.troubles,
		...(voice.trouble !== undefined && { trouble: voice.trouble }),
	}
}

const nothing: Sight = {
	cluster: {},
	by: 'nowhere',
	runtime: undefined,
	podFiles: [],
	node: '',
	ownOnly: false,
	now: 0,
	live: true,
	voices: {},
	troubles: {},
}

/** The listing of a bundle, and the logs that it holds: older bundles have no listing of them. */
function filesOf({ bundle, evidence }: Subject): { podFiles: PodFiles[]; kept?: ReadonlySet<string> } {
	const listed = evidence.files?.listed
	const seen = new Map<string, SeenFile>()
	const tasks = new Set<string>()
	const kept = new Set<string>()
	for (const [path, file] of listed ?? []) {
		if (path.startsWith('/var/log/')) {
			seen.set(path, { path, modifiedAt: file.modifiedAt })
		} else if (path.startsWith(`${taskRoot}/`)) tasks.add(path.slice(taskRoot.length + 1))
		else if (path.startsWith(`${kubeletPodRoot}/`)) kept.add(path.slice(kubeletPodRoot.length + 1))
	}
	const inBundle = `files${podLogRoot}/`
	for (const file of bundle.files.keys()) {
		const path = file.slice('files'.length)
		if (file.startsWith(inBundle) && !seen.has(path)) seen.set(path, { path })
	}
	const podFiles = podFilesOf(seen.values(), listed?.has(taskRoot) ? tasks : undefined)
	return listed?.has(kubeletPodRoot) ? { podFiles, kept } : { podFiles }
}
