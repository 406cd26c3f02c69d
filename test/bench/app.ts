/** How fast the app answers a key. */
import { setEngine } from '../../src/program/engine.js'
import { subject } from '../app/subjects.js'

/** Through Ink's whole way from the key to the bytes for the terminal, in the list of a bundle of 10,000 files. */
export async function keyToFrame(): Promise<number> {
	process.env.NODE_ENV ??= 'production'
	// With the memory that the app allows itself.
	setEngine()
	const { openFast } = await import('./fast-screen.js')
	const files = Object.fromEntries(
		Array.from({ length: 10_000 }, (_, index) => [`files/var/log/pods/pod-${index}/0.log`, `${index}\n`]),
	)
	const { app, press, close } = openFast(120, 40)
	app.send({ type: 'examined', subject: subject([], { files }) })
	await press('7')
	const times: number[] = []
	for (let round = 0; round < 300; round += 1) {
		// Moving, scrolling, paging: what a hand does in a long list.
		times.push(await press(round % 10 === 9 ? ' ' : round % 3 === 2 ? 'k' : 'j'))
	}
	close()
	return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN
}
