/**
 * A key as the app names it: a printable character as itself, anything else by a word.
 * Ctrl is written in front: `ctrl-c`.
 */
export type Key = string

const named: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	enter: 'Enter',
	esc: 'Esc',
	tab: 'Tab',
	'shift-tab': 'Shift-Tab',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	backspace: 'Backspace',
	delete: 'Delete',
	' ': 'Space',
}

/** How a key is written for people: `Ctrl-C`, `PgDn`, `↑`. */
export function keyWord(key: Key): string {
	const word = named[key]
	if (word) return word
	const control = /^ctrl-(.)$/.exec(key)?.[1]
	return control ? `Ctrl-${control.toUpperCase()}` : key
}

/** A key that types something: a single character. */
export function isText(key: Key): boolean {
	const [first, second] = key
	return first !== undefined && second === undefined
}
