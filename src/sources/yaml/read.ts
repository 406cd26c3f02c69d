/** YAML as k3s reads it: Go's reader, YAML 1.1, the first document of a file. */
import {
	type Document,
	isCollection,
	isScalar,
	type Node,
	type ParsedNode,
	parseAllDocuments,
	visit,
} from 'yaml'
import { flatten } from './flatten.js'
import { lineFinder } from './lines.js'
import { type Range, refusedTab } from './tabs.js'

export interface YamlProblem {
	/** 1-based. */
	line?: number
	message: string
	text?: string
}

export interface ReadYaml {
	/** Absent when Go refuses the file, or when it is empty. */
	root?: ParsedNode
	/** What aliases stand for. */
	anchors?: ReadonlyMap<string, Node>
	/** Why Go refuses the file. */
	problem?: YamlProblem
	/** 1-based line of an offset. */
	lineOf(offset: number): number
	/** The line, its secrets hidden. */
	textOf(line: number): string
}

/** No configuration of a node is larger, and the reader takes a while for each megabyte. */
const longest = 512 * 1024

interface Fault {
	at: number
	message: string
}

/** Go wants no blank before a comment that follows a quote or a bracket. */
const notInGo = /^Comments must be/
const flow = /flow|Flow/

/** The ranges in which tabs do no harm. */
function freeRanges(document: Document.Parsed): Range[] {
	const ranges: Range[] = []
	visit(document, {
		Node(_, node) {
			const range = node.range
			const isText = isScalar(node) && node.type !== 'PLAIN'
			const isFlow = isCollection(node) && node.flow === true
			if (range && (isText || isFlow)) {
				ranges.push([range[0], range[1]])
				return visit.SKIP
			}
			return undefined
		},
	})
	return ranges.sort((a, b) => a[0] - b[0])
}

function anchorsOf(document: Document.Parsed): Map<string, Node> {
	const anchors = new Map<string, Node>()
	visit(document, {
		Value(_, node) {
			if (node.anchor !== undefined) anchors.set(node.anchor, node)
		},
	})
	return anchors
}

/** An open quote is noticed at the end of the file; where it opens is what one has to see. */
function openQuote(document: Document.Parsed): number | undefined {
	let at: number | undefined
	visit(document, {
		Scalar(_, { type, range }) {
			if (range && (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE')) at = range[0]
		},
	})
	return at
}

const tabMessage = 'a tab stands where only blanks are allowed (found character that cannot start any token)'

function firstFault(text: string, document: Document.Parsed): Fault | undefined {
	const faults: Fault[] = []
	const error = document.errors.find(({ message }) => !notInGo.test(message))
	if (error) {
		const message = error.code === 'TAB_AS_INDENT' && !flow.test(error.message) ? tabMessage : error.message
		const at = /^Missing closing/.test(message) ? openQuote(document) : undefined
		faults.push({ at: at ?? error.pos[0], message: message.split('\n')[0]?.slice(0, 300) ?? '' })
	}
	// The reader stops where the next document begins.
	const first = text.slice(0, document.range[2])
	const tab = refusedTab(first, freeRanges(document))
	if (tab !== undefined) faults.push({ at: tab, message: tabMessage })
	const control = first.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/)
	if (control >= 0) faults.push({ at: control, message: 'control characters are not allowed' })
	const broken = first.indexOf('\ufffd')
	if (broken >= 0) faults.push({ at: broken, message: 'invalid UTF-8' })
	return faults.sort((a, b) => a.at - b.at)[0]
}

const secretLine =
	/((?:token|secret|passw|key|auth|datastore-endpoint)[\w-]{0,60}\+?["']?\s{0,20}[:=]\s{0,20})\S.*$/i

/** Never throws. */
export function readYaml(text: string): ReadYaml {
	const lines = text.split('\n')
	const lineOf = lineFinder(lines)
	const textOf = (line: number) =>
		(lines[line - 1] ?? '').slice(0, 300).trimEnd().replace(secretLine, '$1<redacted>')
	const read = { lineOf, textOf }
	if (text.length > longest) return read
	try {
		const flat = flatten(text)
		const documents = parseAllDocuments(flat, {
			version: '1.1',
			uniqueKeys: false,
			prettyErrors: false,
			logLevel: 'silent',
		})
		const document = Array.isArray(documents) ? documents[0] : undefined
		if (!document) return read
		const fault = firstFault(flat, document)
		if (fault) {
			const line = lineOf(fault.at)
			return { ...read, problem: { line, message: fault.message, text: textOf(line) } }
		}
		return document.contents ? { ...read, root: document.contents, anchors: anchorsOf(document) } : read
	} catch {
		// Nested deeper than the stack: Go has a limit of its own.
		return { ...read, problem: { message: 'exceeded max depth' } }
	}
}
