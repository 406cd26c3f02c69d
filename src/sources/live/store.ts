/** One followed list: its objects by key, who tells it, and what went wrong with it. */
import type { Listed, Speaker, Voice } from '../../model/live.js'
import type { Listener, Spoken } from './follow.js'
import { type Kept, readerOf } from './lists.js'

export interface Store extends Listener<Kept> {
	/** All objects, in one array as long as none has changed. */
	values(): readonly unknown[] | undefined
	voice(): Voice | undefined
	/** Why there is no list, or none any more. */
	trouble(): string | undefined
}

/** Of events and the like only so many; the oldest go first. */
const most = 50_000
const mostEvents = 5_000

/** `changed` is called whenever there is something new to show. `now`: epoch milliseconds. */
export function store(listed: Listed, changed: () => void, now: () => number): Store {
	const limit = listed === 'events' ? mostEvents : most
	let objects: Map<string, unknown> | undefined
	let array: readonly unknown[] | undefined
	let speaker: Voice | undefined
	let silence: string | undefined
	let incident: Voice['incident']

	function speak(how: Speaker, trouble: string | undefined): void {
		const since = speaker?.speaker === how && speaker.trouble === trouble ? speaker.since : now()
		speaker = { speaker: how, since, heardAt: now(), ...(trouble !== undefined && { trouble }) }
		silence = undefined
	}

	function touched(): void {
		array = undefined
		if (speaker) speaker = { ...speaker, heardAt: now() }
		changed()
	}

	return {
		read: readerOf(listed),
		listed(all) {
			objects = new Map(all.slice(-limit).map(({ key, value }) => [key, value]))
			// Whether it can be watched will be seen in a moment; until then nothing is claimed.
			if (!speaker) speak('poll', undefined)
			silence = undefined
			touched()
		},
		changed({ key, value }) {
			objects ??= new Map()
			objects.set(key, value)
			if (objects.size > limit) {
				const [oldest] = objects.keys()
				if (oldest !== undefined) objects.delete(oldest)
			}
			touched()
		},
		deleted({ key }) {
			if (objects?.delete(key)) touched()
		},
		speaks(how: Spoken, trouble?: string) {
			speak(how, trouble)
			changed()
		},
		incident(says) {
			incident = { says, at: now() }
			changed()
		},
		silent(trouble) {
			if (silence === trouble && !speaker) return
			if (speaker) incident = { says: trouble, at: now() }
			silence = trouble
			speaker = undefined
			changed()
		},
		values() {
			if (!objects) return undefined
			array ??= [...objects.values()]
			return array
		},
		voice: () => speaker && { ...speaker, ...(incident && { incident }) },
		trouble: () => silence,
	}
}
