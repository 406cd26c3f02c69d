/**
 * A bundle that cannot be opened. `tried` completes "Cannot …", `happened` is what came of it, `next` is a whole
 * sentence with what to do about it. The three are for the operator; there is nothing else to show.
 */
export class BundleError extends Error {
	override readonly name = 'BundleError'

	constructor(
		readonly tried: string,
		readonly happened: string,
		readonly next: string,
	) {
		super(`Cannot ${tried}: ${happened}. ${next}`)
	}
}
