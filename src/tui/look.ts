/** What the terminal can show, from the environment. */
import type { Background, Depth, Look } from './theme.js'

export interface LookWishes {
	/** `--no-color`. */
	noColour?: boolean
	/** `--ascii`. */
	ascii?: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

export function lookOf(env: Environment, { noColour = false, ascii = false }: LookWishes = {}): Look {
	return {
		depth: depthOf(env, noColour),
		background: backgroundOf(env),
		ascii: ascii || isAscii(env),
	}
}

function depthOf({ NO_COLOR, FORCE_COLOR, TERM = '', COLORTERM = '' }: Environment, none: boolean): Depth {
	if (none || NO_COLOR || FORCE_COLOR === '0') return 0
	if (/^(dumb|vt\d+)/.test(TERM)) return 0
	if (FORCE_COLOR === '2' || FORCE_COLOR === '3' || /truecolor|24bit/.test(COLORTERM)) return 256
	return /256|kitty|ghostty|alacritty|wezterm|direct/.test(TERM) ? 256 : 16
}

/** rxvt, Konsole and others tell `foreground;background` as numbers of the 16 colours. */
function backgroundOf({ COLORFGBG, K3S_DOCTOR_BACKGROUND }: Environment): Background {
	if (K3S_DOCTOR_BACKGROUND === 'light' || K3S_DOCTOR_BACKGROUND === 'dark') return K3S_DOCTOR_BACKGROUND
	const number = /;(\d+)$/.exec(COLORFGBG ?? '')?.[1]
	if (number === undefined) return 'unknown'
	return number === '7' || number === '15' ? 'light' : 'dark'
}

/** The Linux console has few glyphs; a locale that is set and is not UTF-8 shows garbage. */
function isAscii({ TERM, LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
	const locale = LC_ALL || LC_CTYPE || LANG || ''
	return TERM === 'linux' || (locale !== '' && !/utf-?8/i.test(locale))
}
