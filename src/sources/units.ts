import type { Bundle } from '../model/bundle.js'
import { answer, entryOf } from '../model/bundle.js'
import type { Unit, UnitsEvidence } from '../model/evidence/index.js'
import { optional } from './field.js'
import { perBundle } from './per-bundle.js'
import { source } from './source.js'
import { unitTexts } from './units/cat.js'
import { collect, wants } from './units/questions.js'
import { rcStatusFile, readRcStatus } from './units/rc-service.js'
import { execLines, type UnitText } from './units/settings.js'
import { readShow } from './units/show.js'
import { zoneOffset } from './zone.js'

/**
 * systemctl shows argv with single blanks between the words, whatever blanks are in them. The unit file knows the
 * words, but not whether systemd has read it since it was changed: it is believed where both say the same.
 */
function withWords(unit: Unit, texts: readonly UnitText[]): Unit {
	const written = execLines(texts)
	const exec = unit.exec.map(shown => {
		const line = shown.join(' ')
		return written.find(words => words.join(' ').replace(/ +/g, ' ').trim() === line) ?? shown
	})
	return { ...unit, exec }
}

/** First word of each line, without the mark that systemctl may set before it. */
function failedUnits(text: string | undefined): string[] {
	return (text ?? '')
		.split('\n')
		.map(line => /^[●*×\s]*([A-Za-z0-9:_.@\\-]{1,255}\.[a-z]+)(?:\s|$)/.exec(line)?.[1])
		.filter(unit => unit !== undefined)
}

function readOpenRc(bundle: Bundle): Unit | undefined {
	const text = answer(bundle, rcStatusFile)
	const stderr = entryOf(bundle, rcStatusFile)?.stderr ?? ''
	return text === undefined && stderr === '' ? undefined : readRcStatus(bundle.node.unit, text ?? '', stderr)
}

/** The units of a bundle; `undefined` when the service manager answered nothing and no unit file is in it. */
export const readUnits = perBundle((bundle: Bundle): UnitsEvidence | undefined => {
	const shown = answer(bundle, 'commands/systemctl-show.txt')
	const failed = answer(bundle, 'commands/systemctl-failed.txt')
	const status = answer(bundle, 'commands/systemctl-status.txt')
	const cat = unitTexts(bundle)
	const rc = readOpenRc(bundle)
	const all = shown === undefined ? [] : readShow(shown, zoneOffset(bundle))
	if (rc) all.push(rc)
	if (!all.length && !cat.length && failed === undefined && status === undefined) return undefined
	const own = all.find(unit => unit.id === bundle.node.unit)
	return {
		...optional('own', own && withWords(own, cat)),
		all,
		failed: failedUnits(failed),
		cat,
		...optional('status', status),
	}
})

export const units = source({
	name: 'units',
	title: 'systemd unit',
	matters: true,
	wants,
	collect,
	parse: readUnits,
})
