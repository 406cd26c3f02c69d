/** How changing something on a node can fail. */

/** A change that was not made or not finished; what is there is still whole. */
export class HandsError extends Error {
	override readonly name = 'HandsError'

	constructor(
		message: string,
		/** System error code such as `ENOSPC`, or empty. */
		readonly code = '',
	) {
		super(message)
	}
}

/** Somebody asked for a change without the operator's yes to it. A fault of the doctor's own. */
export class NotConfirmed extends Error {
	override readonly name = 'NotConfirmed'
}
