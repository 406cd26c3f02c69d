/** Argv as a line that a person can paste into a shell. Nothing here is ever given to a shell by us. */

const ordinary = /^[A-Za-z0-9_@%+=:,./-]+$/

export function shellWord(word: string): string {
	return ordinary.test(word) && !word.startsWith('=') ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

export function shellLine(argv: readonly string[]): string {
	return argv.map(shellWord).join(' ')
}
