import type { Bundle } from '../model/bundle.js'
import { answer, fileOf } from '../model/bundle.js'
import type { LogEvidence } from '../model/evidence/index.js'
import { type KernelClock, readKernelLine } from './log/kernel-line.js'
import { readLog } from './log/log.js'
import { source } from './source.js'
import { zoneOffset } from './zone.js'

const journal = 'journal/kernel.log'
const dmesg = 'commands/dmesg.txt'
const uptime = '/proc/uptime'

const ofKernel = ['journalctl', '--no-pager', '-o', 'short-iso-precise', '-k', '-n', '20000'] as const

/** journald without a line of the kernel's (containers, forwarding off) says `-- No entries --`. */
function saysSomething(content: string | undefined): boolean {
	return content?.split('\n', 3).some(line => line && !line.startsWith('-- ')) ?? false
}

export const kernelLog = source({
	name: 'kernelLog',
	title: 'kernel log',
	// In containers and for users without rights there is none.
	wants: node => [
		node.init === 'systemd'
			? { file: journal, askFor: 'journalctl -k -o short-iso-precise --no-pager', optional: true }
			: { file: dmesg, askFor: 'dmesg', optional: true },
	],
	async collect(ask) {
		const options = { keep: 'tail' as const }
		const told = ask.node.init === 'systemd' ? await ask.run(journal, ofKernel, options) : undefined
		if (saysSomething(told)) return
		// Plain: busybox knows no other form. Its times count from boot.
		await Promise.all([ask.run(dmesg, ['dmesg'], options), ask.file(uptime)])
	},
	parse,
})

function clockOf(bundle: Bundle): KernelClock {
	const takenAt = new Date(bundle.takenAt)
	const up = Number.parseFloat(answer(bundle, fileOf(uptime)) ?? '')
	const booted = takenAt.getTime() - up * 1000
	return {
		bootedAt: Number.isNaN(booted) ? undefined : booted,
		hint: { year: takenAt.getUTCFullYear(), month: takenAt.getUTCMonth(), offset: zoneOffset(bundle) },
	}
}

function parse(bundle: Bundle): LogEvidence | undefined {
	const clock = clockOf(bundle)
	for (const file of [journal, dmesg]) {
		const content = answer(bundle, file)
		const log = content && readLog(file, content, 'kernel', line => readKernelLine(line, clock))
		if (log) return log
	}
	return undefined
}
