/** Findings whose quote does not stand where it says that it stands. */
import type { Examination } from '../../src/examine.js'

const plain = (text: string) => text.replace(/\s+/g, ' ').trim()

export function misplaced({ bundle, report }: Examination): string[] {
	return report.diagnoses.flatMap(({ cause, findings }) =>
		findings.flatMap(({ quote }) => {
			if (!quote) return []
			const text = bundle.files.get(quote.file)
			if (text === undefined) return [`${cause}: there is no ${quote.file}`]
			if (quote.line === undefined) return []
			const line = plain(text.split('\n')[quote.line - 1] ?? '')
			const words = plain(quote.text.split('…')[0] ?? '').slice(0, 40)
			return line.includes(words)
				? []
				: [`${cause}: ${quote.file}:${quote.line} is not "${words}" but "${line.slice(0, 80)}"`]
		}),
	)
}
