/** From what Ink delivers to the app's names of keys. One read may hold many characters: each is a key. */
import type { Key as InkKey } from 'ink'
import type { Key } from '../app/keys/key.js'

const flags = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'esc'],
	['backspace', 'backspace'],
	['delete', 'delete'],
] as const satisfies readonly (readonly [keyof InkKey, Key])[]

export function keysOf(input: string, key: InkKey): Key[] {
	for (const [flag, name] of flags) if (key[flag]) return [name]
	if (key.tab) return [key.shift ? 'shift-tab' : 'tab']
	if (key.ctrl) return /^[a-z]$/.test(input) ? [`ctrl-${input}`] : []
	const typed = Array.from(input, character => named(character)).filter(name => name !== '')
	// On a slow line Esc and the next key arrive in one read, which looks like Alt. Nothing is bound to Alt, and Esc
	// comes first: it closes a question before the letter could answer it.
	return key.meta ? ['esc', ...typed] : typed
}

/** Held keys and slow lines deliver controls in the middle of characters. */
function named(character: string): Key {
	const code = character.codePointAt(0) ?? 0
	if (character === '\r' || character === '\n') return 'enter'
	if (character === '\t') return 'tab'
	if (code === 0x7f || code === 0x08) return 'backspace'
	if (code === 0x1b) return 'esc'
	if (code >= 1 && code <= 26) return `ctrl-${String.fromCharCode(code + 96)}`
	return code < 32 || (code >= 0x80 && code < 0xa0) ? '' : character
}
