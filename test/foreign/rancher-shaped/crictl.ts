/** `k3s/crictl/` of a recorded node: tables of the lists that it keeps as JSON, or what crictl complained of. */
import type { Bundle } from '../../../src/model/bundle.js'
import { columns, longAge } from './columns.js'
import { at, list, text } from './kubectl.js'

type Json = Record<string, unknown>

const ago = (created: unknown, now: number) => longAge(now - Number(text(created).slice(0, -6) || 0))
const short = (id: unknown) =>
	text(id)
		.replace(/^sha256:/, '')
		.slice(0, 13)

function size(bytes: number): string {
	return bytes < 1e6 ? `${Math.round(bytes / 1000)}kB` : `${(bytes / 1e6).toPrecision(3)}MB`
}

const printers: Record<string, (told: Json, now: number) => string[][]> = {
	psa: (told, now) => [
		['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
		...list(told.containers).map(each => {
			const state = text(each.state).replace('CONTAINER_', '').toLowerCase()
			return [
				short(each.id),
				short(at(each, 'image', 'image')),
				ago(each.createdAt, now),
				`${state[0]?.toUpperCase()}${state.slice(1)}`,
				text(at(each, 'metadata', 'name')),
				text(at(each, 'metadata', 'attempt') ?? 0),
				short(each.podSandboxId),
				text(at(each, 'labels', 'io.kubernetes.pod.name')),
				text(at(each, 'labels', 'io.kubernetes.pod.namespace')),
			]
		}),
	],
	pods: (told, now) => [
		['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
		...list(told.items).map(each => [
			short(each.id),
			ago(each.createdAt, now),
			each.state === 'SANDBOX_READY' ? 'Ready' : 'NotReady',
			text(at(each, 'metadata', 'name')),
			text(at(each, 'metadata', 'namespace')),
			text(at(each, 'metadata', 'attempt') ?? 0),
			'(default)',
		]),
	],
	images: told => [
		['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'],
		...list(told.images).flatMap(each => {
			const tags = (each.repoTags as string[] | undefined) ?? []
			const shown = tags.length > 0 ? tags : ['<none>:<none>']
			return shown.map(tag => [
				tag.slice(0, tag.lastIndexOf(':')),
				tag.slice(tag.lastIndexOf(':') + 1),
				short(each.id),
				size(Number(each.size)),
			])
		}),
	],
}

const files: Record<string, string> = {
	psa: 'crictl/ps.json',
	pods: 'crictl/pods.json',
	images: 'crictl/images.json',
}
const asTheyAre: Record<string, string> = {
	info: 'crictl/info.json',
	version: 'crictl/version.txt',
	imagefsinfo: 'crictl/imagefsinfo.json',
}

export function addCrictl(into: Map<string, string>, bundle: Bundle, now: number): void {
	const complaint = (file: string) => bundle.entries.find(entry => entry.file === file)?.stderr
	for (const [name, file] of [...Object.entries(files), ...Object.entries(asTheyAre)]) {
		const content = bundle.files.get(file)
		const printer = printers[name]
		const words = complaint(file)
		if (content?.trim()) {
			into.set(
				`k3s/crictl/${name}`,
				printer ? columns(printer(JSON.parse(content) as Json, now), 20) : content,
			)
		} else if (words) into.set(`k3s/crictl/${name}`, words)
	}
}
