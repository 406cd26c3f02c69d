/** The self-check as text. */
import { plainDeep } from '../../model/plain-text.js'
import { toAscii } from '../../report/text/ascii.js'
import { painter } from '../../report/text/paint.js'
import { columnsOf, wrap } from '../../report/text/wrap.js'
import type { Look } from '../options.js'

/** `absent` is no obstacle: there is nothing to reach. `no`: it is there, and out of reach. */
export type Mark = 'yes' | 'absent' | 'no'

export interface Line {
	mark: Mark
	name: string
	says: string
	ms?: number
}

export interface SelfCheck {
	version: string
	sections: readonly { title: string; lines: readonly Line[] }[]
	/** What keeps the doctor from seeing what matters. */
	blind: readonly string[]
	ms: number
}

const words: Record<Mark, string> = { yes: 'ok', absent: '--', no: 'NO' }
const tones = { yes: 'good', absent: 'faint', no: 'bad' } as const

export function selfCheckText(check: SelfCheck, { width: wanted, colour, ascii }: Look): string {
	const { version, sections, blind, ms } = plainDeep(check)
	const width = Math.max(60, Math.min(wanted, 120))
	const paint = painter(colour)
	const verdict =
		blind.length === 0
			? [paint('good', paint('strong', 'It reaches what it needs on this host.'))]
			: [
					paint('warn', paint('strong', 'It does not reach all that it needs on this host:')),
					...blind.flatMap(why => hanging(ascii ? '- ' : '• ', why, width - 2).map(line => `  ${line}`)),
				]
	const names = Math.max(...sections.flatMap(({ lines }) => lines.map(({ name }) => columnsOf(name))))
	const lines = [
		...wrap(version, width).map(line => paint('strong', line)),
		'',
		...verdict,
		...sections
			.filter(({ lines }) => lines.length > 0)
			.flatMap(section => [
				'',
				paint('strong', section.title),
				...section.lines.flatMap(({ mark, name, says, ms }) => {
					const time = ms === undefined ? '' : `${Math.round(ms)} ms`
					const room = width - names - 18
					const [first = '', ...rest] = wrap(says, room)
					const head = `  ${paint(tones[mark], words[mark])}  ${pad(name, names)}  `
					return [
						`${head}${time ? `${pad(first, room)} ${time.padStart(9)}` : first}`,
						...rest.map(line => `${' '.repeat(names + 8)}${line}`),
					]
				}),
			]),
		'',
		paint('faint', `Checked in ${(ms / 1000).toFixed(1)} s.`),
	]
	const text = `${lines.join('\n')}\n`
	return ascii ? toAscii(text) : text
}

const pad = (text: string, columns: number) => text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

function hanging(head: string, text: string, width: number): string[] {
	return wrap(text, width - head.length).map((line, index) => `${index === 0 ? head : '  '}${line}`)
}
