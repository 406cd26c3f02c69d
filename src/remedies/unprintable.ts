/** Characters that act on a terminal instead of being shown: controls, and what turns the direction of writing. */
export const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

export function holdsUnprintable(text: string): boolean {
	return text.search(unprintable) >= 0
}
