/** Nodes on paper: one whose k3s ends again and again, one that waits, one on which k3s is up. */
import type { Entry, NodeFacts } from '../../src/model/bundle.js'
import { agentNode, agentUnit } from '../rules/agent.js'
import { cluster } from '../rules/cluster-text.js'
import { begins, journalText, restarting, type Said, unitShow } from '../rules/unit.js'
import { logrus } from './said.js'

export interface Scene {
	/** Which form of a message, e.g. of an older version. */
	form: string
	files: Record<string, string>
	node: Partial<NodeFacts>
	entries?: Entry[]
}

export type Role = 'server' | 'agent'

type Files = Record<string, string>

const unitOf = (role: Role) => (role === 'agent' ? 'k3s-agent.service' : 'k3s.service')

export const nodeOf = (role: Role): Partial<NodeFacts> => (role === 'agent' ? agentNode : {})

export function show(role: Role, changes: Record<string, string>): string {
	return role === 'agent' ? agentUnit(changes) : unitShow(changes)
}

/** `lines` are said from 04:00:00 on; the node is looked at ten minutes later. */
export function scene(
	role: Role,
	form: string,
	unit: Record<string, string>,
	lines: readonly Said[],
	more: Files = {},
): Scene {
	return {
		form,
		node: nodeOf(role),
		files: {
			'commands/systemctl-show.txt': show(role, unit),
			'commands/date.txt': '2026-11-21T04:10:00,000000000+00:00\n',
			[`journal/${unitOf(role).replace('.service', '')}.log`]: journalText(lines, unitOf(role)),
			...more,
		},
	}
}

export interface Ending {
	form?: string
	version?: string
	/** As systemd tells it: `1/FAILURE`. */
	status?: string
	more?: Files
	/** Changes of the unit. */
	unit?: Record<string, string>
}

/** A start whose last words are `words`. */
function start(
	role: Role,
	words: readonly string[],
	second: number,
	{ version = 'v1.33.4+k3s1', status = '1/FAILURE' }: Ending,
): Said[] {
	const result = status === '0/SUCCESS' ? 'protocol' : 'exit-code'
	return [
		[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[second + 1, 'k3s', begins(version, role)],
		...words.map(word => [second + 2, 'k3s', word] as Said),
		[second + 3, 'systemd', `%u: Main process exited, code=exited, status=${status}`],
		[second + 3, 'systemd', `%u: Failed with result '${result}'.`],
		[second + 3, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
	]
}

/** k3s ends with these lines, twice so far. */
export function ends(role: Role, words: readonly string[], ending: Ending = {}): Scene {
	const lines = [...start(role, words, 0, ending), ...start(role, words, 12, ending)]
	return scene(role, ending.form ?? 'ends', { ...restarting, ...ending.unit }, lines, ending.more)
}

/** These lines again and again, by a start that does not get ready for ten minutes. */
export function waits(
	role: Role,
	words: readonly string[],
	{ form = 'loop', version, more }: Ending = {},
): Scene {
	const again = Array.from({ length: 56 }, (_, index) => 5 + index * 10)
	return scene(
		role,
		form,
		{ ActiveState: 'activating', SubState: 'start' },
		[
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', begins(version ?? 'v1.34.2+k3s1', role)],
			...again.flatMap(second => words.map(word => [second, 'k3s', word] as Said)),
		],
		more,
	)
}

/** These lines every fifteen seconds, for minutes, by k3s that is up. */
export function keepsSaying(
	role: Role,
	words: readonly string[],
	{ form = 'running', version = 'v1.33.4+k3s1', more = {} }: Ending = {},
	times = 24,
): Scene {
	const again = Array.from({ length: times }, (_, index) => 230 + index * 15)
	return scene(
		role,
		form,
		{},
		[
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', begins(version, role)],
			[20, 'k3s', logrus('info', `k3s ${role === 'agent' ? 'agent ' : ''}is up and running`)],
			[20, 'systemd', 'Started %u - Lightweight Kubernetes.'],
			...again.flatMap(second => words.map(word => [second, 'k3s', word] as Said)),
		],
		{ ...(role === 'server' && { 'api/readyz.txt': 'ok' }), ...more },
	)
}

/** What the API says, seen from a node on which k3s has run for ten minutes. */
export function apiScene(role: Role, lists: Parameters<typeof cluster>[0], more: Files = {}): Scene {
	const files = cluster(lists, more)
	if (role === 'server') return { form: 'api', node: {}, files }
	const { 'journal/k3s.log': journal = '', ...rest } = files
	return {
		form: 'api',
		node: agentNode,
		files: {
			...rest,
			'commands/systemctl-show.txt': agentUnit(),
			'journal/k3s-agent.log': journal.replaceAll('k3s.service', 'k3s-agent.service'),
			...more,
		},
	}
}
