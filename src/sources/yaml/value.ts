/** Scalars of a YAML file as Go's reader would hand them on. */
import { isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, type Scalar } from 'yaml'

/** Booleans as `true` and `false`, `null` as '', everything else as written. */
export function scalarText(scalar: Scalar): string {
	const { value, source } = scalar
	if (typeof value === 'boolean') return String(value)
	if (value === null || value === undefined) return ''
	if (typeof value === 'string') return value
	return source ?? String(value)
}

/** An alias stands for its anchor; one that has none is `undefined`. */
export function resolved(
	node: Node | null | undefined,
	anchors: ReadonlyMap<string, Node> | undefined,
): Node | null | undefined {
	return isAlias(node) ? anchors?.get(node.source) : node
}

/** The kind of a node in Go's words, with the shortened text of a scalar. */
export function goKind(node: Node | ParsedNode | null | undefined): string {
	if (isMap(node)) return '!!map'
	if (isSeq(node)) return '!!seq'
	if (!isScalar(node)) return '!!null'
	const text = scalarText(node)
	const short = text.length > 10 ? `${text.slice(0, 7)}...` : text
	return `${goTag(node)} \`${short}\``
}

function goTag({ value, source }: Scalar): string {
	if (typeof value === 'boolean') return '!!bool'
	if (typeof value === 'number' || typeof value === 'bigint')
		return /[.eE]/.test(source ?? '') ? '!!float' : '!!int'
	return value === null ? '!!null' : '!!str'
}
