/** `systemctl cat`: the unit file and its drop-ins, each under a comment line with its path. */
import type { Bundle } from '../../model/bundle.js'
import { answer, fileOf } from '../../model/bundle.js'
import type { UnitText } from './settings.js'

const heading = /^# (\/\S+\.(?:service|conf))$/

export function readCat(text: string): UnitText[] {
	const texts: UnitText[] = []
	let lines: string[] = []
	let path = ''
	let before = ''
	const close = () => {
		if (path) texts.push({ path, text: lines.join('\n').replace(/\n+$/, '\n') })
	}
	for (const line of text.split('\n')) {
		// A comment of the unit may name a file too, but only a heading stands first or after an empty line.
		const next = before.trim() === '' ? heading.exec(line)?.[1] : undefined
		if (next) {
			close()
			path = next
			lines = []
		} else lines.push(line)
		before = line
	}
	close()
	return texts
}

const unitDirs = [
	'/etc/systemd/system',
	'/run/systemd/system',
	'/usr/local/lib/systemd/system',
	'/usr/lib/systemd/system',
	'/lib/systemd/system',
]

/** The same from the files of the bundle, where systemctl gave no answer. */
function fromFiles(bundle: Bundle): UnitText[] {
	const texts: UnitText[] = []
	for (const dir of unitDirs) {
		const path = `${dir}/${bundle.node.unit}`
		const text = answer(bundle, fileOf(path))
		if (text !== undefined) texts.push({ path, text })
		if (texts.length) break
	}
	const dropIns = [...bundle.files.keys()]
		.filter(
			file =>
				file.endsWith('.conf') &&
				unitDirs.some(dir => file.startsWith(`${fileOf(dir)}/${bundle.node.unit}.d/`)),
		)
		// systemd orders drop-ins by their name, whatever directory they lie in.
		.sort((a, b) => compare(a.slice(a.lastIndexOf('/')), b.slice(b.lastIndexOf('/'))))
	for (const file of dropIns)
		texts.push({ path: file.slice('files'.length), text: answer(bundle, file) ?? '' })
	return texts
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0
}

export function unitTexts(bundle: Bundle): UnitText[] {
	const told = answer(bundle, 'commands/systemctl-cat.txt')
	const texts = told === undefined ? [] : readCat(told)
	return texts.length ? texts : fromFiles(bundle)
}
