/** What a bundle tells of a node's files: enough to show a plan, never to run it. */
import type { Looked } from '../host/hands.js'
import { type Bundle, fileOf } from '../model/bundle.js'
import type { Evidence, ListedFile } from '../model/evidence/index.js'
import { presence } from '../model/lookup.js'
import type { PathState } from '../model/plan.js'
import type { Remedy } from '../model/remedy.js'
import { digestOf } from './fingerprint.js'
import { type BackupPlace, questionsOf, type Surroundings } from './surroundings.js'

export function surroundingsOf(
	remedy: Remedy,
	bundle: Bundle,
	evidence: Evidence,
	backupBases: readonly BackupPlace[],
): Surroundings {
	const paths = new Map<string, Looked>()
	for (const path of questionsOf(remedy).paths.keys()) {
		const looked = recorded(path, bundle, evidence)
		if (looked) paths.set(path, looked)
	}
	return {
		live: false,
		paths,
		spaces: new Map(),
		weights: new Map(),
		programs: new Map(),
		units: new Map((evidence.units?.all ?? []).map(({ id, loadState }) => [id, loadState !== 'not-found'])),
		...(evidence.api?.readyz && { apiReady: evidence.api.readyz.ok }),
		backupPlaces: backupBases,
	}
}

function recorded(path: string, bundle: Bundle, { files }: Evidence): Looked | undefined {
	const text = bundle.files.get(fileOf(path))
	const listed = files?.listed.get(path)
	if (text === undefined && !listed) {
		return files && presence(files, path) === 'absent' ? { state: { is: 'absent' }, real: path } : undefined
	}
	return {
		state: stateOf(listed, text),
		real: listed?.target?.startsWith('/') ? listed.target : path,
		...(text !== undefined && { text }),
	}
}

function stateOf(listed: ListedFile | undefined, text: string | undefined): PathState {
	if (listed && listed.type !== 'file') {
		const { mode, uid, gid, target } = listed
		if (listed.type === 'dir') return { is: 'dir', mode, uid, gid }
		return listed.type === 'link'
			? { is: 'link', target: target ?? '', uid, gid }
			: { is: 'other', why: `a ${listed.type}` }
	}
	return {
		is: 'file',
		mode: listed?.mode ?? 0o644,
		uid: listed?.uid ?? 0,
		gid: listed?.gid ?? 0,
		size: listed?.size ?? 0,
		modifiedAt: listed?.modifiedAt ?? 0,
		...(text !== undefined && { digest: digestOf(text) }),
	}
}
