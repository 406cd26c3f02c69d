/** Which saved bundles the options name. */
import { type Parsed, UsageError } from './parse.js'

/** Every bundle that the options name; one or none is no matter of several. */
export async function pathsFrom({ lists }: Parsed): Promise<string[]> {
	const given = lists.get('from') ?? []
	const [only] = given
	if (given.length === 1 && only === '-') return ['-']
	if (only === undefined) return []
	const { bundlesIn } = await import('../bundle/several.js')
	if (given.length > 1) {
		if (given.includes('-')) throw new UsageError('Standard input can only be examined alone.')
		return (await Promise.all(given.map(bundlesIn))).flat()
	}
	return bundlesIn(only)
}
