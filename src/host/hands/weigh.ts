import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { within } from '../local/limit.js'

const mostFiles = 200_000
const limitMs = 10_000

/** Bytes below a path, links not followed; `undefined` where it is not there or too much to count. */
export async function weigh(path: string): Promise<number | undefined> {
	try {
		return await within(limitMs, weighed(path, { left: mostFiles }))
	} catch {
		return undefined
	}
}

async function weighed(path: string, budget: { left: number }): Promise<number> {
	budget.left -= 1
	if (budget.left < 0) throw new RangeError('too many files')
	const found = await lstat(path)
	if (!found.isDirectory()) return found.size
	let sum = found.size
	for await (const { name } of await opendir(path)) sum += await weighed(join(path, name), budget)
	return sum
}
