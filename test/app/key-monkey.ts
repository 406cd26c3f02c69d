/** Keys as a cat on the keyboard would press them: every key of the table, text, pastes, sizes. */
import type { Key } from '../../src/app/keys/key.js'
import { keyTable } from '../../src/app/keys/table.js'
import type { Message } from '../../src/app/message.js'
import { pick } from './random.js'

const leaving: ReadonlySet<Key> = new Set(['q', 'ctrl-c', 'ctrl-z'])
export const everyKey: readonly Key[] = [...new Set(keyTable.flatMap(({ keys }) => keys))].filter(
	key => !leaving.has(key),
)

/** Keys that go somewhere, pressed more often than those that only move. */
const ways: readonly Key[] = [
	'enter',
	'enter',
	'v',
	'esc',
	'r',
	'1',
	'2',
	'3',
	'4',
	'5',
	'6',
	'7',
	'?',
	'/',
	'K',
	'K',
	'ctrl-p',
]
const words = 'k3s etcd .*([ error node-1 level=fatal 日本語 é \u0301 👩‍🚀 !x ~dsk :q -'.split('')
const pastes = [
	'systemctl\nrestart k3s',
	'\u001b]52;c;AAAA\u0007',
	'日本語\ttext',
	'x'.repeat(2000),
	'\u0000\u0007',
]
export const sizes = [
	[60, 15],
	[80, 24],
	[120, 40],
	[200, 60],
	[40, 8],
	[20, 5],
	[7, 3],
	[1, 1],
] as const

export function anyMessage(random: () => number): Message {
	const chance = random()
	if (chance < 0.02) {
		const [columns, rows] = pick(sizes, random)
		return { type: 'resize', columns, rows }
	}
	if (chance < 0.03) return { type: 'paste', text: pick(pastes, random) }
	const keys: Key[] = []
	do {
		const kind = random()
		keys.push(kind < 0.3 ? pick(ways, random) : kind < 0.85 ? pick(everyKey, random) : pick(words, random))
	} while (random() < 0.4 && keys.length < 12)
	return { type: 'keys', keys: keys.filter(key => !leaving.has(key)) }
}
