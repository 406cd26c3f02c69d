/** bundle.json, believed as far as it makes sense: it comes from anybody, and its values end up in commands. */
import { hostArgument, pathArgument, unitArgument } from '../../model/argument.js'
import type { Entry, Masked, NodeFacts, WhyNot } from '../../model/bundle.js'
import { defaultUnit } from './guess.js'
import { cleanName, shownName } from './name.js'
import type { Notes } from './notes.js'

export interface Manifest {
	node: NodeFacts
	/** ISO 8601, UTC; `undefined` where bundle.json has no usable one. */
	takenAt: string | undefined
	entries: Entry[]
	/** Absent where nobody kept count. */
	masked?: Masked[]
}

type Fields = ReadonlyMap<string, unknown>

const longestWord = 4096
const longestStderr = 8192
const mostWords = 256
const mostEntries = 20_000

function fieldsOf(value: unknown): Fields {
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
	return new Map<string, unknown>(isObject ? Object.entries(value) : [])
}

function stringOf(value: unknown, longest: number): string | undefined {
	return typeof value === 'string' ? value.slice(0, longest) : undefined
}

function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
	return choices.find(choice => choice === value)
}

const reasons: readonly WhyNot[] = ['absent', 'denied', 'timeout', 'unreadable', 'failed']

function entryOf(value: unknown): Entry | undefined {
	const fields = fieldsOf(value)
	const named = stringOf(fields.get('file'), longestWord)
	const file = named === undefined ? undefined : cleanName(named)
	if (file === undefined) return undefined
	const entry: Entry = { file }
	const argv = fields.get('argv')
	if (Array.isArray(argv)) {
		entry.argv = argv
			.slice(0, mostWords)
			.map(word => stringOf(word, longestWord))
			.filter(word => word !== undefined)
	}
	const path = stringOf(fields.get('path'), longestWord)
	if (path?.startsWith('/')) entry.path = path
	const exit = fields.get('exit')
	if (typeof exit === 'number' && Number.isInteger(exit) && Math.abs(exit) <= 0xffff) entry.exit = exit
	const ms = fields.get('ms')
	if (typeof ms === 'number' && ms >= 0 && ms <= 1e9) entry.ms = ms
	const why = oneOf(fields.get('why'), reasons)
	if (why) entry.why = why
	// The end of what a program complained about says most.
	const stderr = stringOf(fields.get('stderr'), Number.MAX_SAFE_INTEGER)?.slice(-longestStderr)
	if (stderr !== undefined) entry.stderr = stderr
	const truncated = oneOf(fields.get('truncated'), ['head', 'tail'] as const)
	if (truncated) entry.truncated = truncated
	const detail = stringOf(fields.get('detail'), 500)
	if (detail !== undefined) entry.detail = detail
	const instead = stringOf(fields.get('instead'), longestWord)
	if (instead !== undefined) entry.instead = instead
	return entry
}

function nodeOf(fields: Fields, guessed: NodeFacts, notes: Notes): NodeFacts {
	const take = <T>(name: keyof NodeFacts, fits: (value: unknown) => T | undefined, otherwise: T): T => {
		const value = fits(fields.get(name))
		if (value === undefined) {
			notes.about('bundle.json does not say it, or not with sense, so it was guessed', `node.${name}`)
		}
		return value ?? otherwise
	}
	const text = (grammar: (value: string | undefined) => string | undefined) => (value: unknown) =>
		grammar(typeof value === 'string' ? value : undefined)
	const role = take('role', value => oneOf(value, ['server', 'agent', 'unknown'] as const), guessed.role)
	return {
		hostname: take('hostname', text(hostArgument), guessed.hostname),
		role,
		unit: take('unit', text(unitArgument), role === guessed.role ? guessed.unit : defaultUnit(role)),
		init: take('init', value => oneOf(value, ['systemd', 'openrc', 'none'] as const), guessed.init),
		dataDir: take(
			'dataDir',
			text(value => pathArgument(value)?.replace(/(.)\/+$/, '$1')),
			guessed.dataDir,
		),
		root: take('root', value => (typeof value === 'boolean' ? value : undefined), guessed.root),
	}
}

function timeOf(value: unknown): string | undefined {
	const text = stringOf(value, 40)
	if (text === undefined || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined
	const at = Date.parse(text)
	if (Number.isNaN(at)) return undefined
	return /^[\dT:.-]+Z$/.test(text) ? text : new Date(at).toISOString()
}

const mostMasked = 5_000

function maskedOf(value: unknown): Masked[] | undefined {
	if (!Array.isArray(value)) return undefined
	return value.slice(0, mostMasked).flatMap(each => {
		const fields = fieldsOf(each)
		const kind = stringOf(fields.get('kind'), 100)
		const file = stringOf(fields.get('file'), longestWord)
		const count = fields.get('count')
		const fits = typeof count === 'number' && Number.isInteger(count) && count > 0 && count < 1e9
		return kind !== undefined && file !== undefined && fits ? [{ kind, file, count }] : []
	})
}

/** Reads bundle.json; `guessed` fills what it lacks. Never throws. */
export function readManifest(text: string, guessed: NodeFacts, notes: Notes): Manifest {
	let parsed: unknown
	try {
		parsed = JSON.parse(text)
	} catch {
		notes.say(
			'bundle.json is no valid JSON: what it records is lost, and the facts about the node are guessed.',
		)
		return { node: guessed, takenAt: undefined, entries: [] }
	}
	const fields = fieldsOf(parsed)
	const schema = fields.get('schema')
	if (schema !== 1) {
		const shown = typeof schema === 'number' || typeof schema === 'string' ? shownName(`${schema}`) : 'none'
		notes.say(`The bundle has schema ${shown}; this doctor knows schema 1 and may misread it.`)
	}
	const takenAt = timeOf(fields.get('takenAt'))
	if (takenAt === undefined)
		notes.say('bundle.json has no usable time; it was guessed from what the files say.')
	const given = fields.get('entries')
	if (!Array.isArray(given)) notes.say('bundle.json does not record how the questions went.')
	const entries: Entry[] = []
	for (const value of Array.isArray(given) ? given.slice(0, mostEntries) : []) {
		const entry = entryOf(value)
		if (entry) entries.push(entry)
		else notes.say('Some records in bundle.json make no sense and were left out.')
	}
	const masked = maskedOf(fields.get('masked'))
	return {
		node: nodeOf(fieldsOf(fields.get('node')), guessed, notes),
		takenAt,
		entries,
		...(masked && { masked }),
	}
}
