/** The programs that the doctor asked, and how they took it. */
import type { Bundle, Entry, WhyNot } from '../../model/bundle.js'
import type { Line, Mark } from './text.js'

const words: Record<WhyNot, string> = {
	absent: 'not installed',
	denied: 'may not be run',
	timeout: 'gave no answer in time',
	unreadable: 'gave an answer that cannot be read',
	failed: 'failed',
}

export function programLines({ entries }: Bundle): Line[] {
	const programs = new Map<string, Entry[]>()
	for (const entry of entries.filter(ran)) {
		const name = entry.argv?.[0] ?? ''
		programs.set(name, [...(programs.get(name) ?? []), entry])
	}
	return [...programs]
		.map(([name, asked]) => lineOf(name, asked))
		.toSorted((a, b) => order[a.mark] - order[b.mark] || a.name.localeCompare(b.name))
}

const order: Record<Mark, number> = { no: 0, yes: 1, absent: 2 }

/** The API's questions are written down as GET, and what was skipped did not run; what has not ended has no time. */
function ran({ argv, ms, why }: Entry): boolean {
	return argv?.[0] !== undefined && argv[0] !== 'GET' && (ms !== undefined || why === 'timeout')
}

function lineOf(name: string, asked: readonly Entry[]): Line {
	const ms = Math.max(...asked.map(entry => entry.ms ?? 0))
	const worst = (['timeout', 'denied', 'unreadable', 'failed'] as const).find(why =>
		asked.some(entry => entry.why === why),
	)
	const absent = asked.every(({ why, exit }) => why === 'absent' && exit === 127)
	if (absent) return { mark: 'absent', name, says: words.absent }
	const questions = asked.length === 1 ? '1 question' : `${asked.length} questions`
	if (worst) {
		const [last] = asked
			.filter(({ why }) => why === worst)
			.map(({ stderr }) => stderr?.trim().split('\n').at(-1))
		return { mark: 'no', name, says: `${words[worst]}${last ? `: ${last}` : ''}`, ...(ms > 0 && { ms }) }
	}
	const unhappy = asked.filter(({ exit }) => exit !== undefined && exit !== 0)
	const nothing = unhappy.length === asked.length ? `, exit status ${unhappy[0]?.exit}` : ''
	return { mark: 'yes', name, says: `${questions}${nothing}`, ms }
}
