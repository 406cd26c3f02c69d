/** Small raw answers of commands and files. */
import { logrus } from '../messages/said.js'
import { ago } from '../rules/cluster-text.js'
import * as lines from '../scenes/lines.js'

type Files = Record<string, string>

export const fatal = (text: string) => logrus('fatal', text)
export const error = (text: string) => logrus('error', text)
export const warning = (text: string) => logrus('warning', text)
export const info = (text: string) => logrus('info', text)
export const klog = (text: string, level = 'E', place = 'kubelet.go:1') =>
	lines.klog(text, { level, at: '1121 04:05:10.114410', place })
export const zap = (level: string, msg: string, fields: Record<string, unknown> = {}) =>
	lines.zap(level, msg, fields, { at: '2026-11-21T04:05:10.1Z' })

/** `shutdown('kubelet exited: …')` */
export const shutdown = (text: string) => error(`Shutdown request received: ${JSON.stringify(text)}`)

export const config = (text: string): Files => ({ 'files/etc/rancher/k3s/config.yaml': text })

/** `[device, type, mount, percent used]` */
export function df(...rows: [string, string, string, number][]): Files {
	const size = 42_949_672_960
	const lines = rows.map(([device, type, mount, percent]) => {
		const used = Math.floor((size * percent) / 100)
		return `${device} ${type} ${size} ${used} ${size - used} ${percent}% ${mount}\n`
	})
	return {
		'commands/df.txt': `Filesystem     Type        1B-blocks        Used       Avail Use% Mounted on\n${lines.join('')}`,
	}
}

/** `[target, source, type, options]` */
export function findmnt(...rows: [string, string, string, string][]): Files {
	const filesystems = rows.map(([target, source, fstype, options]) => ({ target, source, fstype, options }))
	return { 'commands/findmnt.json': JSON.stringify({ filesystems }) }
}

export const uname = (text: string): Files => ({ 'commands/uname.txt': `${text}\n` })

/** A log of the kernel: seconds before now, words. */
export function kernel(...lines: [number, string][]): Files {
	const text = lines.map(
		([seconds, words]) => `${ago(seconds).replace('Z', '.000000+0000')} node-1 kernel: ${words}\n`,
	)
	return { 'journal/kernel.log': text.join('') }
}

/** The newest log of a container: seconds before now, words. */
export function podLog(
	namespace: string,
	pod: string,
	container: string,
	lines: [number, string][],
	instance = 0,
): Files {
	const text = lines.map(([seconds, words]) => `${ago(seconds)} stderr F ${words}\n`)
	return { [`files/var/log/pods/${namespace}_${pod}_uid-${pod}/${container}/${instance}.log`]: text.join('') }
}

/** The same words every half minute. */
export const often = (words: string): [number, string][] =>
	[300, 270, 240, 210, 180, 150, 120, 90, 60, 30].map(seconds => [seconds, words])

export function containerdLog(...lines: string[]): Files {
	const head = 'time="2026-11-21T04:00:13.1Z" level=info msg="starting containerd" version=v2.0.2-k3s1\n'
	return {
		'files/var/lib/rancher/k3s/agent/containerd/containerd.log': `${head}${lines.map(line => `${line.startsWith('level=') ? `time="2026-11-21T04:00:13.5Z" ${line}` : line}\n`).join('')}`,
	}
}

export const inactive = { ActiveState: 'inactive', SubState: 'dead', ActiveEnterTimestamp: '' }
