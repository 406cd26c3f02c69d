/**
 * The shape of registries.yaml (wharfie's registries.Registry), checked as Go's reader checks it: `null` fits
 * everywhere, unknown keys are nobody's business, anything else of another kind is an error.
 */
import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml'
import { goKind, resolved, scalarText } from '../yaml/value.js'

type Shape =
	| { is: 'text' | 'boolean' }
	| { is: 'list'; go: string; of: Shape }
	| { is: 'map'; go: string; of: Shape }
	| { is: 'struct'; go: string; fields: Readonly<Record<string, Shape>> }

const text: Shape = { is: 'text' }
const boolean: Shape = { is: 'boolean' }

const mirror: Shape = {
	is: 'struct',
	go: 'registries.Mirror',
	fields: {
		endpoint: { is: 'list', go: '[]string', of: text },
		rewrite: { is: 'map', go: 'map[string]string', of: text },
	},
}

const auth: Shape = {
	is: 'struct',
	go: 'registries.AuthConfig',
	fields: { username: text, password: text, auth: text, identity_token: text },
}

const tls: Shape = {
	is: 'struct',
	go: 'registries.TLSConfig',
	fields: { ca_file: text, cert_file: text, key_file: text, insecure_skip_verify: boolean },
}

export const registryShape: Shape = {
	is: 'struct',
	go: 'registries.Registry',
	fields: {
		mirrors: { is: 'map', go: 'map[string]registries.Mirror', of: mirror },
		configs: {
			is: 'map',
			go: 'map[string]registries.RegistryConfig',
			of: { is: 'struct', go: 'registries.RegistryConfig', fields: { auth, tls } },
		},
		auths: { is: 'map', go: 'map[string]registries.AuthConfig', of: auth },
	},
}

export interface Misfit {
	node: Node
	message: string
}

/** The first place that does not fit. */
export function misfit(told: unknown, shape: Shape, anchors: ReadonlyMap<string, Node>): Misfit | undefined {
	const node = resolved(isNode(told) ? told : null, anchors)
	if (!node || (isScalar(node) && node.value === null)) return undefined
	switch (shape.is) {
		case 'text':
			return isScalar(node) ? undefined : wrong(node, 'string')
		case 'boolean':
			return isScalar(node) && /^(true|false)$/.test(scalarText(node)) ? undefined : wrong(node, 'bool')
		case 'list':
			if (!isSeq(node)) return wrong(node, shape.go)
			return firstOf(node.items, item => misfit(item, shape.of, anchors))
		case 'map':
			if (!isMap(node)) return wrong(node, shape.go)
			return firstOf(node.items, pair => misfit(pair.value, shape.of, anchors))
		case 'struct': {
			if (!isMap(node)) return wrong(node, shape.go)
			return firstOf(node.items, ({ key, value }) => {
				const name = isScalar(key) ? scalarText(key) : ''
				const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
				return field && misfit(value, field, anchors)
			})
		}
	}
}

function wrong(node: Node, into: string): Misfit {
	const kind = goKind(node)
	// What stands in place of credentials may be one.
	const told = into === 'registries.AuthConfig' ? kind.split(' ', 1)[0] : kind
	return { node, message: `cannot unmarshal ${told} into ${into}` }
}

function firstOf<T>(items: readonly T[], look: (item: T) => Misfit | undefined): Misfit | undefined {
	for (const item of items) {
		const found = look(item)
		if (found) return found
	}
	return undefined
}
