/** One configuration file: its keys in order, each with its values and its line. */
import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml'
import type { ConfigProblem } from '../../model/evidence/index.js'
import { readYaml } from '../yaml/read.js'
import { goKind, resolved, scalarText } from '../yaml/value.js'

export interface Key {
	/** Without the `+` that appends. */
	name: string
	appends: boolean
	/** A single value, or those of a list. */
	isList: boolean
	values: string[]
	line: number
}

export interface ConfigFile {
	keys: Key[]
	problem?: ConfigProblem
}

const mostKeys = 2000
const mostValues = 2000

type Anchors = ReadonlyMap<string, Node> | undefined

/** A map inside the value, `- eviction-hard: 5%` for `- eviction-hard=5%`, reaches k3s as Go prints it. */
function plainValue(node: unknown, anchors: Anchors): string {
	const value = resolved(isNode(node) ? node : null, anchors)
	if (isScalar(value)) return scalarText(value).trim()
	if (!isMap(value)) return ''
	const pairs = value.items.slice(0, 20).map(pair => `${shallow(pair.key)}:${shallow(pair.value)}`)
	return `map[${pairs.join(' ')}]`
}

function shallow(node: unknown): string {
	return isScalar(node) ? scalarText(node) : '…'
}

/** Reads the text of `path`. Never throws. */
export function readConfigFile(path: string, text: string): ConfigFile {
	const yaml = readYaml(text)
	const { root, anchors, problem, lineOf } = yaml
	if (problem) return { keys: [], problem: { file: path, ...problem } }
	if (!root) return { keys: [] }
	if (!isMap(root)) {
		const line = lineOf(root.range[0])
		// A file of comments, or the word `null`.
		if (isScalar(root) && root.value === null) return { keys: [] }
		const message = `cannot unmarshal ${goKind(root)} into a map: each line of it is to be \`key: value\``
		return { keys: [], problem: { file: path, line, message, text: yaml.textOf(line) } }
	}
	const keys: Key[] = []
	for (const { key, value } of root.items.slice(0, mostKeys)) {
		const line = lineOf(key.range[0])
		const held = resolved(value, anchors)
		if (held === undefined) {
			const message = `unknown anchor '${String(value).slice(1, 50)}' referenced: a value that begins with * needs quotes`
			return { keys: [], problem: { file: path, line, message, text: yaml.textOf(line) } }
		}
		const told = plainValue(key, anchors)
		keys.push({
			name: told.replace(/\+$/, ''),
			appends: told.endsWith('+'),
			isList: isSeq(held),
			values: isSeq(held)
				? held.items.slice(0, mostValues).map(item => plainValue(item, anchors))
				: [plainValue(held, anchors)],
			line,
		})
	}
	return { keys }
}
