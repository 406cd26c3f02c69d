/** Evidence and remedies of a diagnosis as blocks of lines. */
import type { Diagnosis, Finding } from '../../model/diagnosis.js'
import type { Offer } from '../../model/offer.js'
import type { Remedy } from '../../model/remedy.js'
import { type StepText, stepTexts } from '../../report/steps.js'
import { nearTime } from '../../report/times.js'
import { chop, columnsOf, shorten, wrap } from '../columns.js'
import { harmless, type Line, line, paragraph, type Span, span, strong } from '../line.js'
import { risks, weights } from '../words.js'
import type { Block } from './blocks.js'

const quoteRows = 4

export function findingBlock(finding: Finding, index: number, width: number, now: number): Block {
	const { says, quote } = finding
	return {
		id: `finding ${index} ${says}`,
		target: { kind: 'finding', says, ...(quote && { quote }) },
		lines: findingLines(finding, width, now, quoteRows),
	}
}

/** What was seen, where and when, and the words that stand there. */
export function findingLines(finding: Finding, width: number, now: number, rows: number): Line[] {
	const { says, quote, at, since, count, source, weight } = finding
	const often = count !== undefined && count > 1
	const when = at === undefined ? '' : nearTime(at, now)
	const facts = [
		weights[weight],
		quote ? `${quote.file}${quote.line === undefined ? '' : `:${quote.line}`}` : source,
		often && since !== undefined && when !== '' ? `${count} times, ${nearTime(since, now)} to ${when}` : when,
		often && (since === undefined || when === '') ? `${count} times` : '',
	].filter(Boolean)
	const lines = [
		...paragraph(says, width),
		line(span(shorten(`  ${harmless(facts.join(', '))}`, width), 'faint')),
	]
	const words = quote ? harmless(quote.text) : ''
	if (words !== '' && words !== harmless(says)) {
		// Wrapped at blanks, as prose: a message is read here, `v` shows the line as it stands.
		const pieces = wrap(words.slice(0, width * (rows + 2)), width - 4)
		const kept = pieces.slice(0, rows)
		if (pieces.length > rows) kept[rows - 1] = shorten(`${kept[rows - 1]} ……`, width - 4).replace(/…+$/, '…')
		lines.push(...kept.map(piece => line(span('  │ ', 'faint'), span(piece))))
	}
	return lines
}

/** A remedy: its head, then each step on its own, so that `c` copies just that command. */
export function remedyBlocks({ cause }: Diagnosis, offers: readonly Offer[], width: number): Block[] {
	return offers.flatMap(({ remedy, number, failures }, at) => [
		{
			id: `remedy ${number - 1}`,
			title: at === 0 ? 'What to do' : 'Or',
			target: {
				kind: 'remedy' as const,
				cause,
				index: number - 1,
				commands: commandsOf(remedy),
			},
			lines: [
				...remedyHead(remedy, width),
				...(failures > 0 ? paragraph(failedWords(failures), width, { tone: 'warn' }) : []),
			],
		},
		...remedy.steps
			.flatMap(step => stepTexts(step))
			.map((text, step) => stepBlock(text, `remedy ${number - 1} step ${step}`, width)),
	])
}

export function failedWords(failures: number): string {
	const often = failures === 1 ? 'once' : failures === 2 ? 'twice' : `${failures} times`
	return `It was tried here ${often} and did not help.`
}

export function commandsOf(remedy: Remedy): string[] {
	return remedy.steps
		.flatMap(step => stepTexts(step))
		.filter(({ kind }) => kind === 'command')
		.map(({ text }) => text)
}

type Head = Pick<Remedy, 'title' | 'why' | 'risk' | 'interrupts'>

export function remedyHead(remedy: Head, width: number): Line[] {
	const { word, tone } = risks[remedy.risk]
	const risk: Span[] = [span(' ('), span(word, tone), span(')')]
	const title = harmless(remedy.title)
	const fits = columnsOf(title) + word.length + 3 <= width
	return [
		...(fits
			? [line(strong(title), ...risk)]
			: [...paragraph(title, width, { bold: true }), line(span(word, tone))]),
		...paragraph(remedy.why, width),
		...(remedy.interrupts && remedy.interrupts !== 'nothing'
			? paragraph(remedy.interrupts, width, { first: [span('Interrupts: ', 'warn')] })
			: paragraph('Interrupts nothing.', width)),
	]
}

export function stepBlock({ kind, text }: StepText, id: string, width: number): Block {
	if (kind === 'command') return { id, target: { kind: 'command', text }, lines: commandLines(text, width) }
	if (kind === 'content') {
		return { id, target: { kind: 'command', text }, lines: contentLines(text, width) }
	}
	return {
		id,
		target: { kind: 'words', text },
		lines: paragraph(text, width, { first: [span('• ', 'faint')] }),
	}
}

/** A command is broken at a blank where there is one, never reworded; `c` copies it whole. */
export function commandLines(text: string, width: number): Line[] {
	return pieces(harmless(text), width - 2).map((piece, index) =>
		line(span(index === 0 ? '$ ' : '  ', 'faint'), span(piece, 'command')),
	)
}

/** Unlike prose, a command keeps its runs of blanks: each piece but the last ends with the blank it was broken at. */
function pieces(text: string, width: number): string[] {
	const done: string[] = []
	let rest = text
	for (;;) {
		const [head = '', ...more] = chop(rest, width)
		if (more.length === 0) return [...done, head]
		const blank = head.lastIndexOf(' ')
		// A long word alone is no reason to leave most of a line empty.
		const piece = blank > head.length / 2 ? head.slice(0, blank + 1) : head
		done.push(piece)
		rest = rest.slice(piece.length)
	}
}

/** A unified diff, as such things are coloured everywhere. Lines are broken, never cut: all of it is to be seen. */
export function diffLines(diff: string, width: number): Line[] {
	if (diff === '') return []
	return diff
		.replace(/\n$/, '')
		.split('\n')
		.filter(text => !/^(---|\+\+\+) /.test(text))
		.flatMap(text => {
			const tone = text.startsWith('+')
				? 'good'
				: text.startsWith('-')
					? 'bad'
					: text.startsWith('@@')
						? 'faint'
						: undefined
			return chop(harmless(text), width).map(piece => line(span(piece, tone)))
		})
}

const mostContent = 40

function contentLines(text: string, width: number): Line[] {
	const all = text.replace(/\n$/, '').split('\n')
	const lines = all
		.slice(0, mostContent)
		.map(words => line(span('  ┊ ', 'faint'), span(shorten(harmless(words), width - 4))))
	if (all.length > mostContent)
		lines.push(line(span(`  ┊ … ${all.length - mostContent} more lines`, 'faint')))
	return lines
}
