/** Which container logs are worth taking along. */
import { attemptOf as instanceOf, podLogRoot as logRoot, podOfFolder } from '../../model/pod-files.js'
import type { Ask } from '../source.js'

export { instanceOf, logRoot }

export function podOf(folder: string): { namespace: string; pod: string; uid: string } | undefined {
	const found = podOfFolder(folder)
	return found && { namespace: found.namespace, pod: found.name, uid: found.uid }
}

interface Candidate {
	path: string
	/** Higher goes first. */
	rank: number
}

const newestInstances = 2

async function ofContainer(ask: Ask, directory: string, system: boolean): Promise<Candidate[]> {
	const instances = (await ask.names(directory)).map(instanceOf).filter(found => found !== undefined)
	const sorted = instances.sort((one, other) => other - one)
	const newest = sorted[0] ?? 0
	// An application that never restarted has nothing to say about what broke.
	if (!system && newest === 0) return []
	return sorted.slice(0, newestInstances).map((instance, age) => ({
		path: `${directory}/${instance}.log`,
		rank: (system ? 2_000_000 : 0) + Math.min(newest, 999_999) - age * 0.5,
	}))
}

/** Paths of the logs of kube-system and of restarted containers, the most telling first. */
export async function pickLogs(ask: Ask): Promise<string[]> {
	const found: Candidate[] = []
	for (const directory of await ask.names(logRoot)) {
		const pod = podOf(directory)
		if (!pod) continue
		for (const container of await ask.names(`${logRoot}/${directory}`)) {
			const path = `${logRoot}/${directory}/${container}`
			found.push(...(await ofContainer(ask, path, pod.namespace === 'kube-system')))
		}
	}
	return found.sort((one, other) => other.rank - one.rank).map(({ path }) => path)
}
