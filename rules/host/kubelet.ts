/** Settings of the kubelet, as k3s hands them over: arguments win over files, a later file over an earlier one. */
import { configValues, type Evidence } from '../../src/rule.js'

export interface KubeletFile {
	path: string
	text: string
}

/** The drop-ins that k3s 1.32 and later write and read, in their order. */
export function kubeletFiles({ files, node }: Evidence): KubeletFile[] {
	const dir = `${node.dataDir}/agent/etc/kubelet.conf.d/`
	return [...(files?.texts ?? [])]
		.filter(([path]) => path.startsWith(dir))
		.map(([path, text]) => ({ path, text }))
		.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function argument(evidence: Evidence, flag: string): string | undefined {
	return configValues(evidence.config, 'kubelet-arg')
		.map(value => value.replace(/^-+/, ''))
		.findLast(value => value.startsWith(`${flag}=`) || value === flag)
}

export interface KubeletSetting {
	value: string
	/** File with line, or the `kubelet-arg` itself. */
	where: string
	file?: string
	line?: number
}

/** A setting by its key in the configuration (`failSwapOn`) and by its flag (`fail-swap-on`). */
export function kubeletSetting(evidence: Evidence, key: string, flag: string): KubeletSetting | undefined {
	const given = argument(evidence, flag)
	if (given !== undefined)
		return { value: given.includes('=') ? given.slice(flag.length + 1) : 'true', where: 'kubelet-arg' }
	let found: KubeletSetting | undefined
	for (const { path, text } of kubeletFiles(evidence)) {
		for (const [index, line] of text.split('\n').entries()) {
			if (!line.startsWith(`${key}:`)) continue
			const value = line
				.slice(key.length + 1)
				.replace(/#.*$/, '')
				.trim()
			found = { value: value.replace(/^["']|["']$/g, ''), where: path, file: `files${path}`, line: index + 1 }
		}
	}
	return found
}

export interface Threshold {
	/** Share of the file system, 0–1. */
	share?: number
	bytes?: number
}

const units: Readonly<Record<string, number>> = {
	'': 1,
	k: 1e3,
	M: 1e6,
	G: 1e9,
	T: 1e12,
	Ki: 1024,
	Mi: 1024 ** 2,
	Gi: 1024 ** 3,
	Ti: 1024 ** 4,
}

function thresholdOf(text: string): Threshold | undefined {
	const percent = /^(\d{1,3}(?:\.\d{1,4})?)%$/.exec(text)
	if (percent) return { share: Number(percent[1]) / 100 }
	const amount = /^(\d{1,15})(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text)
	return amount ? { bytes: Number(amount[1]) * (units[amount[2] ?? ''] ?? 1) } : undefined
}

/** k3s's own default; Kubernetes' would be 10 and 15 %. */
const usual: Threshold = { share: 0.05 }

/** Below this much free space the kubelet evicts pods: of `nodefs.available` or `imagefs.available`. */
export function evictionThreshold(evidence: Evidence, signal: string): Threshold {
	const flag = argument(evidence, 'eviction-hard')
	const part = flag
		?.slice('eviction-hard='.length)
		.split(',')
		.find(item => item.startsWith(`${signal}<`))
	if (part) return thresholdOf(part.slice(signal.length + 1)) ?? usual
	let found: Threshold | undefined
	for (const { text } of kubeletFiles(evidence)) {
		let within = ''
		for (const line of text.split('\n')) {
			const key = /^(\w+):/.exec(line)?.[1]
			if (key) within = key
			else if (within === 'evictionHard' && line.trim().startsWith(`${signal}:`))
				found = thresholdOf(line.split(':')[1]?.trim().replace(/["']/g, '') ?? '') ?? found
		}
	}
	return found ?? usual
}
