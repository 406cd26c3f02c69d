/**
 * Text from outside (logs, bundles, the API, file names) made safe for a terminal: no escape sequence, no control
 * character, nothing that turns the direction of writing around. Tabs become blanks, line feeds stay.
 */

// CSI, OSC/DCS/SOS/PM/APC with their terminators, two-byte escapes, and their 8-bit forms.
const sequences =
	/\u001b\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g
const controls =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g
const risky = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

export function plainText(text: string): string {
	if (!risky.test(text)) return text
	return text.replace(sequences, '').replace(/\r\n/g, '\n').replace(/\t/g, '    ').replace(controls, '')
}

/** The same on one line: line feeds become ` ⏎ `-free blanks. */
export function plainLine(text: string): string {
	return plainText(text).replace(/\s*\n\s*/g, ' ')
}

/** Every string of a plain value (objects, arrays), made safe. Keys are ours and stay. */
export function plainDeep<T>(value: T): T {
	if (typeof value === 'string') return plainText(value) as T
	if (Array.isArray(value)) return value.map(item => plainDeep(item)) as T
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainDeep(item)])) as T
	}
	return value
}
