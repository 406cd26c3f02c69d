/** The loop: messages in, states out, effects handed to whoever performs them. */
import type { Effect, Message } from '../app/message.js'
import type { State } from '../app/state.js'
import { update } from '../app/update.js'

export interface Loop {
	state(): State
	send(message: Message): void
	subscribe(listener: () => void): () => void
}

/**
 * Every message takes effect at once, so that no key is lost in a burst; listeners hear of it once per burst,
 * after the read that brought it, because each telling paints. What is sent while effects of a message are performed
 * comes after them: a log answers each of a thousand keys of one read, and no answer stands on top of another.
 */
export function loop(first: State, perform: (effect: Effect, state: State) => void): Loop {
	let state = first
	let told = true
	let busy = false
	const waiting: Message[] = []
	const listeners = new Set<() => void>()
	const tell = () => {
		told = true
		for (const listener of listeners) listener()
	}
	const take = (message: Message) => {
		const [next, effects] = update(state, message)
		if (next !== state) {
			state = next
			if (told) queueMicrotask(tell)
			told = false
		}
		for (const effect of effects) perform(effect, state)
	}
	return {
		state: () => state,
		subscribe: listener => {
			listeners.add(listener)
			return () => listeners.delete(listener)
		},
		send: message => {
			waiting.push(message)
			if (busy) return
			busy = true
			try {
				for (let next = waiting.shift(); next; next = waiting.shift()) take(next)
			} finally {
				busy = false
			}
		},
	}
}
