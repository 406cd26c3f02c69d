/**
 * The Kubernetes API of a scratch node, and kubectl: lists are files, which can be read, watched and changed. What the
 * controllers would do is done at once: a pod that somebody made is made again.
 */

import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'

const state = '/var/lib/lab/api'
const tls = '/var/lib/rancher/k3s/server/tls'

interface Item {
	metadata: {
		name: string
		namespace?: string
		uid?: string
		generateName?: string
		creationTimestamp?: string
		annotations?: Record<string, string>
		ownerReferences?: { kind: string; name: string }[]
	}
	status?: Record<string, unknown>
	spec?: Record<string, unknown> & {
		unschedulable?: boolean
		taints?: { key: string; value?: string; effect: string }[]
		template?: { metadata?: { annotations?: Record<string, string> } }
	}
}

const read = (path: string): string => readFileSync(path, 'utf8')
const fileOf = (plural: string) => `${state}/${plural}.json`
const items = (plural: string) => (JSON.parse(read(fileOf(plural))) as { items: Item[] }).items

/** Never seen half written by who watches. */
function keep(plural: string, all: Item[]): void {
	writeFileSync(
		`${fileOf(plural)}.new`,
		JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: {}, items: all }),
	)
	renameSync(`${fileOf(plural)}.new`, fileOf(plural))
}

/** Of a list; changes with every change of it. */
const versionOf = (plural: string) => String(statSync(fileOf(plural), { bigint: true }).mtimeNs)

export function reply(url: string, answer: ServerResponse): void {
	if (url === '/ping') return void answer.end('pong')
	if (url === '/cacerts') return void answer.end(read(`${tls}/server-ca.crt`))
	const plain = /^\/(readyz|livez|version)/.exec(url)?.[1]
	if (plain) return void answer.end(read(`${state}/${plain}.${plain === 'version' ? 'json' : 'txt'}`))
	const { pathname, searchParams } = new URL(url, 'https://127.0.0.1')
	const parts = pathname.split('/')
	const [plural = '', last = ''] = parts.slice(-2)
	if (existsSync(fileOf(last))) {
		if (searchParams.has('watch')) {
			watch(last, searchParams.get('resourceVersion') ?? '', answer)
			return
		}
		const list = JSON.parse(read(fileOf(last))) as { metadata?: object }
		const metadata = { ...list.metadata, resourceVersion: versionOf(last) }
		return void answer.end(JSON.stringify({ ...list, metadata }))
	}
	const namespace = /\/namespaces\/([^/]+)\/[^/]+\/[^/]+$/.exec(pathname)?.[1]
	const found = existsSync(fileOf(plural)) && named(items(plural), last, namespace)
	answer.writeHead(found ? 200 : 404).end(JSON.stringify(found || { kind: 'Status', code: 404 }))
}

const named = (all: readonly Item[], name: string, namespace?: string) =>
	all.find(
		({ metadata }) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
	)

/** Tells what changes in a list, until the other side goes away. */
function watch(plural: string, from: string, answer: ServerResponse): void {
	const seen = new Map<string, string>()
	const keyOf = ({ metadata }: Item) => metadata.uid ?? `${metadata.namespace}/${metadata.name}`
	const tell = (type: string, object: unknown) => answer.write(`${JSON.stringify({ type, object })}\n`)
	let version = versionOf(plural)
	// What the other side has listed is known to it.
	if (version === from) for (const item of items(plural)) seen.set(keyOf(item), JSON.stringify(item))
	else version = ''
	answer.writeHead(200)
	answer.flushHeaders()
	const look = () => {
		const now = versionOf(plural)
		if (now === version) return
		version = now
		const gone = new Map(seen)
		for (const item of items(plural)) {
			const key = keyOf(item)
			const text = JSON.stringify(item)
			const before = seen.get(key)
			gone.delete(key)
			seen.set(key, text)
			if (before !== text) tell(before === undefined ? 'ADDED' : 'MODIFIED', item)
		}
		for (const [key, text] of gone) {
			seen.delete(key)
			tell('DELETED', JSON.parse(text))
		}
	}
	look()
	const timer = setInterval(look, 50)
	answer.once('close', () => clearInterval(timer))
}

/** Pods without these; what somebody made is made again under another name. */
function replaced(pods: readonly Item[], gone: readonly Item[]): Item[] {
	return pods.flatMap(pod => {
		if (!gone.includes(pod)) return [pod]
		const { generateName, ownerReferences = [] } = pod.metadata
		if (generateName === undefined || ownerReferences.length === 0) return []
		const uid = randomUUID()
		const creationTimestamp = new Date().toISOString().replace(/\.\d+/, '')
		const name = `${generateName}${uid.slice(0, 5)}`
		return [{ ...pod, metadata: { ...pod.metadata, name, uid, creationTimestamp } }]
	})
}

interface Order {
	verb: string
	plural: string
	name: string
	namespace?: string
	words: readonly string[]
}

/** `rollout restart -n shop deployment/web`, `cordon s1`, `get node s1 -o json` … */
function orderOf(args: readonly string[]): Order {
	const at = args.indexOf('-n')
	const rest = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1))
	const [verb = '', ...words] = rest[0] === 'rollout' ? rest.slice(1) : rest
	const nouns = words.filter(word => !word.startsWith('-') && word !== 'json')
	const [first = ''] = nouns
	const [kind = '', name = ''] = /^(un)?cordon$/.test(verb)
		? ['node', first]
		: first.includes('/')
			? first.split('/')
			: nouns
	const plural = kind.endsWith('s') ? kind : `${kind}s`
	const namespace = at >= 0 ? args[at + 1] : undefined
	return { verb, plural, name, words, ...(namespace !== undefined && { namespace }) }
}

export function kubectl(args: readonly string[]): void {
	const fail = (words: string): never => {
		process.stderr.write(`${words}\n`)
		process.exit(1)
	}
	if (!ready())
		fail('The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?')
	const { verb, plural, name, namespace, words } = orderOf(args)
	const kind = plural.slice(0, -1)
	const all = items(plural)
	const found =
		named(all, name, namespace) ?? fail(`Error from server (NotFound): ${plural} "${name}" not found`)
	if (verb === 'get') return void process.stdout.write(JSON.stringify(found))
	if (verb === 'delete') {
		keep(plural, plural === 'pods' ? replaced(all, [found]) : all.filter(item => item !== found))
		return void process.stdout.write(`${kind} "${name}" deleted\n`)
	}
	change(verb, found, words)
	keep(plural, all)
	if (verb === 'restart') {
		const pods = items('pods')
		const own = pods.filter(
			({ metadata }) =>
				metadata.namespace === namespace &&
				metadata.ownerReferences?.some(
					owner => owner.kind === 'ReplicaSet' && owner.name.startsWith(`${name}-`),
				),
		)
		keep('pods', replaced(pods, own))
	}
	process.stdout.write(`${kind}/${name} ${verb}ed\n`)
}

function change(verb: string, found: Item, words: readonly string[]): void {
	found.spec ??= {}
	const { spec } = found
	switch (verb) {
		case 'cordon':
		case 'uncordon':
			spec.unschedulable = verb === 'cordon'
			spec.taints = (spec.taints ?? []).filter(({ key }) => key !== 'node.kubernetes.io/unschedulable')
			return
		case 'taint': {
			const [, key, value, effect, minus] =
				/^([^=:]+)(?:=([^:]*))?:([A-Za-z]+)(-?)$/.exec(words.at(-1) ?? '') ?? []
			spec.taints = (spec.taints ?? []).filter(taint => taint.key !== key || taint.effect !== effect)
			if (!minus && key && effect) spec.taints.push({ key, effect, ...(value !== undefined && { value }) })
			return
		}
		case 'scale':
			spec.replicas = Number(/--replicas=(\d+)/.exec(words.join(' '))?.[1] ?? 1)
			if (found.status) found.status.availableReplicas = found.status.readyReplicas = spec.replicas
			return
		case 'restart': {
			const { template } = spec
			const metadata = template?.metadata
			const restartedAt = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() }
			spec.template = {
				...template,
				metadata: { ...metadata, annotations: { ...metadata?.annotations, ...restartedAt } },
			}
		}
	}
}

export function ready(): boolean {
	return spawnSync('sh', ['-c', 'ss -ltn | grep -q :6443'], { stdio: 'ignore' }).status === 0
}
