/** A log of this host on a painted screen, with a desk that reads it. */
import { logDesk } from '../../src/program/logs/desk.js'
import { openScreen, type Screen } from './screen.js'

export async function openLogScreen(
	path: string,
	columns: number,
	rows: number,
): Promise<{ screen: Screen; close: () => void }> {
	const screen = openScreen({
		mode: 'live',
		columns,
		rows,
		perform: (effect, state) => {
			if (effect.kind === 'log') desk.do(effect.id, effect.wish, state)
			else if (effect.kind === 'keys') screen.app.send({ type: 'keys', keys: effect.keys })
		},
	})
	const desk = logDesk({
		send: message => screen.app.send(message),
		state: () => screen.app.state(),
		lend: async () => {},
		environment: {},
	})
	screen.app.send({ type: 'log-sources', all: [{ group: 'Files', name: path, ref: { kind: 'file', path } }] })
	screen.keys('3')
	await screen.until(text => text.includes('Files'))
	screen.keys('\r')
	return {
		screen,
		close: () => {
			desk.close()
			screen.close()
		},
	}
}
