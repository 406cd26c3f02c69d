/** Text for terminals and printers that know nothing but ASCII. */

const asciiFor: Record<string, string> = {
	'…': '...',
	'·': '-',
	'•': '-',
	'│': '|',
	'→': '->',
	'≥': '>=',
	'≤': '<=',
	'×': 'x',
	'–': '-',
	'—': '-',
	'“': '"',
	'”': '"',
	'’': "'",
}

/** Colours stay; what has no likeness becomes a question mark. */
export function toAscii(text: string): string {
	return text.replace(/[^\n\u001b\u0020-\u007e]/gu, char => asciiFor[char] ?? '?')
}
