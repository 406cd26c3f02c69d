/** A line that sums up a whole table of cases: printed where it arises, and once more at the end of `npm test`. */
import { appendFileSync } from 'node:fs'

export function score(line: string): void {
	process.stdout.write(`${line}\n`)
	const file = process.env.K3S_DOCTOR_SCORES
	if (file) appendFileSync(file, `${line}\n`)
}
