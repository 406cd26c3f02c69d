/** The journal of the k3s unit: what k3s said, start by start. */
import { type Bundle, fileOf } from '../../model/bundle.js'
import type { JournalEvidence } from '../../model/evidence/index.js'
import { type Ask, source } from '../source.js'
import { zoneOffset } from '../zone.js'
import { currentMessages, currentStarts, noiseOf } from './current.js'
import { cutIntoStarts } from './starts.js'

/** The bundle file of this node's k3s journal, e.g. `journal/k3s-agent.log`. */
function journalFile(bundle: Bundle): string | undefined {
	const own = `journal/${bundle.node.unit.replace(/\.service$/, '')}.log`
	if (bundle.files.has(own)) return own
	// A bare log, or a bundle of a node whose unit has another name than its record says.
	const others = [...bundle.files.keys()].filter(
		file => file.startsWith('journal/') && file.endsWith('.log') && file !== 'journal/kernel.log',
	)
	return others.find(file => file.startsWith('journal/k3s')) ?? others[0]
}

function parse(bundle: Bundle): JournalEvidence | undefined {
	const file = journalFile(bundle)
	const text = file === undefined ? undefined : bundle.files.get(file)
	if (file === undefined || text === undefined) return undefined
	const taken = new Date(bundle.takenAt)
	const year = Number.isNaN(taken.getTime()) ? new Date(0) : taken
	const cut = cutIntoStarts(text, file, {
		year: year.getUTCFullYear(),
		month: year.getUTCMonth(),
		offset: zoneOffset(bundle),
	})
	const current = currentStarts(cut.starts)
	const noise = noiseOf(cut.starts, current)
	const newest = cut.starts.at(-1)
	return {
		file,
		lines: cut.lines,
		firstAt: cut.firstAt,
		lastAt: cut.lastAt,
		starts: cut.starts,
		...(newest && { newest }),
		current,
		messages: currentMessages(current, noise),
		noise,
		suppressed: cut.suppressed,
		clockWentBack: cut.clockWentBack,
	}
}

/** Newest journal bytes that are kept: a flood of errors at several MB a minute still shows its beginning. */
const maxBytes = 48 * 1024 * 1024

/** OpenRC's supervise-daemon writes what k3s says to a file, without a head on its lines. */
const ownLog = (name: string) => `/var/log/${name}.log`

async function collect(ask: Ask): Promise<void> {
	const { init, unit } = ask.node
	const name = unit.replace(/\.service$/, '')
	const since = ask.since === undefined ? [] : [`--since=${ask.since}`]
	if (init === 'systemd') {
		await Promise.all([
			ask.run(
				`journal/${name}.log`,
				['journalctl', '--no-pager', '-o', 'short-iso-precise', '-n', '200000', ...since, '-u', unit],
				{ limitSeconds: 20, maxBytes, keep: 'tail' },
			),
			ask.run('commands/journalctl-disk-usage.txt', ['journalctl', '--disk-usage']),
			ask.run('commands/journalctl-boots.txt', ['journalctl', '--list-boots', '--no-pager']),
		])
		return
	}
	const text = await ask.file(ownLog(name), { maxBytes })
	if (text !== undefined) ask.put(`journal/${name}.log`, text)
}

export const journal = source({
	name: 'journal',
	title: 'journal of k3s',
	matters: true,
	wants: ({ init, unit }) => {
		const name = unit.replace(/\.service$/, '')
		const file = `journal/${name}.log`
		return init === 'systemd'
			? [{ file, askFor: `journalctl -u ${unit} -o short-iso-precise` }]
			: [{ file, askFor: `cat ${ownLog(name)}`, madeOf: fileOf(ownLog(name)) }]
	},
	collect,
	parse,
})
