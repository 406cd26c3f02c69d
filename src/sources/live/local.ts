/** Pods of this node when the API is silent: what the runtime says, else what lies in the kubelet's folders. */
import type { Host } from '../../host/host.js'
import type { NodeFacts } from '../../model/bundle.js'
import type { RuntimeEvidence } from '../../model/evidence/index.js'
import {
	attemptOf,
	containerLinkRoot,
	kubeletPodRoot,
	type PodFiles,
	podFilesOf,
	podLogRoot,
	podOfFolder,
	type SeenFile,
	taskRoot,
} from '../../model/pod-files.js'
import { json } from '../field.js'
import { crictlCommand, lastWord, runtimeSocket } from '../runtime/crictl.js'
import { runtimeContainers, runtimePods } from '../runtime/lists.js'

export type RuntimeAnswer = { ok: true; runtime: RuntimeEvidence } | { ok: false; trouble: string }

const limitSeconds = 8

/** Two questions, each with its own time limit. `before`: what was known of images, which is not asked again. */
export async function askRuntime(
	host: Host,
	node: NodeFacts,
	before?: RuntimeEvidence,
): Promise<RuntimeAnswer> {
	const socket = await runtimeSocket(host, node)
	const found = await host.stat(socket)
	if (!found.ok && found.unavailable.why === 'absent')
		return { ok: false, trouble: `the container runtime's socket ${socket} is not there` }
	const command = await crictlCommand(host, node, socket)
	const ask = (...words: string[]) => host.run([...command, ...words], { limitSeconds })
	const [pods, containers] = await Promise.all([ask('pods', '-o', 'json'), ask('ps', '-a', '-o', 'json')])
	for (const answer of [pods, containers]) {
		if (!answer.ok) return { ok: false, trouble: `crictl: ${answer.unavailable.detail}` }
		if (answer.value.exit !== 0) return { ok: false, trouble: `crictl: ${shortWord(answer.value.stderr)}` }
	}
	const sandboxes = pods.ok ? runtimePods(json(pods.value.stdout)) : undefined
	const all = containers.ok ? runtimeContainers(json(containers.value.stdout)) : undefined
	if (!sandboxes || !all) return { ok: false, trouble: 'crictl answered with something else than a list' }
	return {
		ok: true,
		runtime: {
			answered: true,
			conditions: before?.conditions ?? [],
			images: before?.images ?? [],
			...(before?.images.length ? {} : { unanswered: ['images'] }),
			pods: sandboxes,
			containers: all,
		},
	}
}

/** There are two lines for it above the list: why it could not connect comes first, what was tried on the way there not at all. */
function shortWord(stderr: string): string {
	const said = lastWord(stderr) ?? 'no answer'
	const [, socket, why] = /dial unix (\S+): connect: ([^"]+)/.exec(said) ?? []
	return (why === undefined ? said : `${why} at ${socket}`).slice(0, 300)
}

export interface FilesAnswer {
	podFiles: PodFiles[]
	kept?: ReadonlySet<string>
}

/** Folders that are looked into; a node runs at most a few hundred pods. */
const mostPods = 1_000

/** What the folders tell; `undefined` when none of them is there. */
export async function walkPodFolders(host: Host): Promise<FilesAnswer | undefined> {
	const [folders, links, tasks, kept] = await Promise.all(
		[podLogRoot, containerLinkRoot, taskRoot, kubeletPodRoot].map(path => host.list(path)),
	)
	if (!folders?.ok) return undefined
	const seen: SeenFile[] = links?.ok
		? links.value.map(name => ({ path: `${containerLinkRoot}/${name}` }))
		: []
	const pods = folders.value.filter(folder => podOfFolder(folder)).slice(0, mostPods)
	for (const folder of pods) seen.push(...(await lookInto(host, `${podLogRoot}/${folder}`)))
	return {
		podFiles: podFilesOf(seen, tasks?.ok ? new Set(tasks.value) : undefined),
		...(kept?.ok && { kept: new Set(kept.value) }),
	}
}

/** A pod's folder, its containers' folders, and of each the newest log with its time. */
async function lookInto(host: Host, folder: string): Promise<SeenFile[]> {
	const containers = await host.list(folder)
	const seen: SeenFile[] = [{ path: folder }]
	for (const name of containers.ok ? containers.value : []) {
		const logs = await host.list(`${folder}/${name}`)
		const attempts = (logs.ok ? logs.value : []).map(attemptOf).filter(attempt => attempt !== undefined)
		seen.push({ path: `${folder}/${name}` })
		if (attempts.length === 0) continue
		const path = `${folder}/${name}/${Math.max(...attempts)}.log`
		const stat = await host.stat(path)
		seen.push({ path, ...(stat.ok && { modifiedAt: stat.value.modifiedAt }) })
	}
	return seen
}
