/** Configuration of containerd that the operator made. */
import { type Evidence, type FilesEvidence, filesBelow } from '../../src/rule.js'

/** Templates and imported drop-ins on this node; k3s's own `config.toml` is none. */
export function customConfigs(files: FilesEvidence, dataDir: string): string[] {
	const folder = `${dataDir}/agent/etc/containerd`
	const paths = new Set([
		...filesBelow(files, folder).map(({ path }) => path),
		...[...files.texts.keys()].filter(path => path.startsWith(`${folder}/`)),
	])
	return [...paths]
		.filter(path => /\/config(?:-v\d)?\.toml\.tmpl$|\/config(?:-v\d)?\.toml\.d\/[^/]+\.toml$/.test(path))
		.sort()
}

const inUse = /Using containerd config template at (?<path>\/\S{1,500})/

/** The template that the newest start used; before it has said so, the one that k3s prefers. */
export function usedTemplate({ journal, files, node }: Evidence): string | undefined {
	for (const { lastText } of journal?.newest?.messages ?? []) {
		const path = inUse.exec(lastText)?.groups?.path
		if (path) return path
	}
	const there = files ? customConfigs(files, node.dataDir).filter(path => path.endsWith('.tmpl')) : []
	return there.find(path => path.endsWith('config-v3.toml.tmpl')) ?? there[0]
}
