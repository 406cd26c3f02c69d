import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml'
import type { Bundle } from '../model/bundle.js'
import { answer, fileOf } from '../model/bundle.js'
import type { ConfigProblem, RegistriesEvidence } from '../model/evidence/index.js'
import { readConfig } from './config.js'
import { optional } from './field.js'
import { perBundle } from './per-bundle.js'
import { misfit, registryShape } from './registries/shape.js'
import { type Ask, source } from './source.js'
import { type ReadYaml, readYaml } from './yaml/read.js'
import { resolved, scalarText } from './yaml/value.js'

const byDefault = '/etc/rancher/k3s/registries.yaml'

const most = 500

type Anchors = ReadonlyMap<string, Node>

interface Entry {
	key: string
	keyNode: Node
	value: Node | null
}

/** The pairs of a map; none when it is something else. */
function entries(told: unknown, anchors: Anchors): Entry[] {
	const node = resolved(isNode(told) ? told : null, anchors)
	if (!isMap(node)) return []
	return node.items.slice(0, most).flatMap(({ key, value }) => {
		if (!isScalar(key)) return []
		const held = resolved(isNode(value) ? value : null, anchors)
		return [{ key: scalarText(key), keyNode: key, value: held ?? null }]
	})
}

function texts(told: Node | undefined | null, anchors: Anchors): string[] {
	if (!isSeq(told)) return []
	const items = told.items.slice(0, most).map(item => resolved(isNode(item) ? item : null, anchors))
	return items.filter(isScalar).map(scalarText)
}

function problemOf(path: string, yaml: ReadYaml, anchors: Anchors): ConfigProblem | undefined {
	if (yaml.problem) return { file: path, ...yaml.problem }
	const found = misfit(yaml.root, registryShape, anchors)
	if (!found) return undefined
	const offset = found.node.range?.[0]
	if (offset === undefined) return { file: path, message: found.message }
	const line = yaml.lineOf(offset)
	return { file: path, line, message: found.message, text: yaml.textOf(line) }
}

const parse = perBundle((bundle: Bundle): RegistriesEvidence | undefined => {
	const path = readConfig(bundle)?.values.get('private-registry')?.values.at(-1) || byDefault
	const content = answer(bundle, fileOf(path))
	if (content === undefined) return undefined
	const yaml = readYaml(content)
	const anchors = yaml.anchors ?? new Map<string, Node>()
	const parts = new Map(entries(yaml.root, anchors).map(({ key, value }) => [key, value]))
	const mirrors = entries(parts.get('mirrors'), anchors).map(({ key, keyNode, value }) => {
		const line = yaml.lineOf(keyNode.range?.[0] ?? 0)
		const endpoint = entries(value, anchors).find(entry => entry.key === 'endpoint')
		return {
			host: key,
			endpoints: texts(endpoint?.value, anchors),
			quote: { file: fileOf(path), line, text: yaml.textOf(line) },
		}
	})
	return {
		file: path,
		mirrors,
		configs: entries(parts.get('configs'), anchors).map(({ key }) => key),
		...optional('problem', problemOf(path, yaml, anchors)),
	}
})

/** `private-registry` may stand in the unit, in the main file or in a drop-in. */
async function collect(ask: Ask): Promise<void> {
	await ask.file(byDefault)
	const dir = '/etc/rancher/k3s/config.yaml.d'
	const paths = ['/etc/rancher/k3s/config.yaml', `/etc/systemd/system/${ask.node.unit}`]
	for (const name of (await ask.names(dir)).slice(0, 100)) paths.push(`${dir}/${name}`)
	const written = await Promise.all(paths.map(path => ask.file(path)))
	for (const text of written) {
		const other = /private-registry["']?[:=\s]{1,10}["']?(\/[^\s"']{1,1000})/.exec(text ?? '')?.[1]
		if (other) await ask.file(other)
	}
}

export const registries = source({
	name: 'registries',
	title: 'private registries',
	wants: () => [{ file: fileOf(byDefault), askFor: `cat ${byDefault}`, optional: true }],
	collect,
	parse,
})
