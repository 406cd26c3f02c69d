/** The whole screen. Keys, pastes and sizes go in as messages, rows come out; nothing is decided here. */
import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink'
import { useEffect, useLayoutEffect, useMemo, useSyncExternalStore } from 'react'
import type { Message } from '../app/message.js'
import type { State } from '../app/state.js'
import { keysOf } from './keys.js'
import type { RowsOf } from './paint.js'
import { Row } from './parts/row.js'

export interface Program {
	state(): State
	send(message: Message): void
	subscribe(listener: () => void): () => void
}

/** Leaves the screen to others while `work` runs, then paints all of it again. */
export type Lend = (work: () => Promise<void>) => Promise<void>

interface Props {
	program: Program
	rowsOf: RowsOf
	/** Told once how the screen is lent: for Ctrl-Z. */
	onLend?: (lend: Lend) => void
}

export function App({ program, rowsOf, onLend }: Props) {
	const { columns, rows } = useWindowSize()
	const { suspendTerminal } = useApp()
	useEffect(() => onLend?.(work => suspendTerminal(work)), [onLend, suspendTerminal])
	const state = useSyncExternalStore(program.subscribe, program.state)
	useInput((input, key) => {
		const keys = keysOf(input, key)
		if (keys.length > 0) program.send({ type: 'keys', keys })
	})
	usePaste(text => program.send({ type: 'paste', text }))
	const fits = state.size.columns === columns && state.size.rows === rows
	useLayoutEffect(() => {
		if (!fits) program.send({ type: 'resize', columns, rows })
	}, [fits, columns, rows, program])
	// The window may be newer than the state: what is painted fits the window in any case.
	const sized = useMemo(
		() => (fits ? state : { ...state, size: { columns, rows } }),
		[state, fits, columns, rows],
	)
	return (
		<Box width={columns} height={rows} flexDirection="column">
			{rowsOf(sized).map((text, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
				<Row key={row} text={text} />
			))}
		</Box>
	)
}
