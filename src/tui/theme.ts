/**
 * What a tone looks like. Only colours that stay readable on light and dark backgrounds, and none of them says
 * something that the words do not say too.
 */
import type { Tone } from '../app/line.js'

/** How many colours the terminal has: `0` none, but bold and inverse still work. */
export type Depth = 0 | 16 | 256

export type Background = 'light' | 'dark' | 'unknown'

export interface Look {
	depth: Depth
	background: Background
	/** Only characters of ASCII. */
	ascii: boolean
}

/** SGR parameters that switch a tone on; everything is switched off by 0 at the end of a span. */
export type Theme = Readonly<Record<Tone, string>>

const none: Theme = {
	faint: '',
	bad: '1',
	warn: '1',
	good: '',
	accent: '',
	command: '',
	hit: '7',
	mark: '1',
}

const sixteen: Theme = {
	faint: '2',
	bad: '31',
	warn: '33',
	good: '32',
	accent: '36',
	command: '36',
	hit: '7',
	mark: '1;36',
}

/** Numbers of the fixed 6×6×6 cube and the greys, which themes of terminals leave alone. */
const darks: Theme = {
	faint: '38;5;246',
	bad: '38;5;203',
	warn: '38;5;214',
	good: '38;5;114',
	accent: '38;5;80',
	command: '38;5;117',
	hit: '38;5;16;48;5;220',
	mark: '1;38;5;80',
}

const lights: Theme = {
	faint: '38;5;242',
	bad: '38;5;160',
	warn: '38;5;130',
	good: '38;5;28',
	accent: '38;5;30',
	command: '38;5;25',
	hit: '38;5;16;48;5;220',
	mark: '1;38;5;30',
}

/** Middle tones, with a contrast of 3:1 and more on black as well as on white. */
const either: Theme = {
	faint: '38;5;244',
	bad: '38;5;167',
	warn: '38;5;136',
	good: '38;5;71',
	accent: '38;5;37',
	command: '38;5;32',
	hit: '38;5;16;48;5;220',
	mark: '1;38;5;37',
}

export function themeOf({ depth, background }: Look): Theme {
	if (depth === 0) return none
	if (depth === 16) return sixteen
	return { light: lights, dark: darks, unknown: either }[background]
}
