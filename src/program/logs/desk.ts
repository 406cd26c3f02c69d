/** All logs that are open, and what the app wants of them. */

import { openLogs } from '../../app/log/place.js'
import type { LogNews, LogWish } from '../../app/log/wishes.js'
import type { Message } from '../../app/message.js'
import type { State } from '../../app/state.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { type LogHost, openRef } from './open-ref.js'
import { pageLog } from './pager.js'
import { saveLog } from './save.js'
import { LogSession } from './session.js'
import { logSources } from './sources.js'

export interface DeskOptions {
	send(message: Message): void
	state(): State
	/** Leaves the screen to another program while it runs. */
	lend(work: () => Promise<void>): Promise<void>
	environment: Readonly<Record<string, string | undefined>>
	host?: LogHost
}

export interface LogDesk {
	do(id: number, wish: LogWish, state: State): void
	sources(state: State): void
	/** Closes what nobody looks at any longer. */
	tidy(state: State): void
	close(): void
}

export function logDesk({ send, lend, environment, host, state: now }: DeskOptions): LogDesk {
	const sessions = new Map<number, LogSession>()
	const opening = new Set<number>()

	async function open(id: number, wish: Extract<LogWish, { do: 'open' }>, state: State): Promise<void> {
		const tell = (news: LogNews) => send({ type: 'log', id, news })
		opening.add(id)
		try {
			const hint = hintOf(state)
			const opened = openRef(wish.ref, state, hint, host)
			const { reader, title, live } = opened instanceof Promise ? await opened : opened
			if (!opening.delete(id) || !openLogs(now()).has(id)) return reader.close()
			const session = new LogSession(reader, hint, wish.filter, tell)
			sessions.set(id, session)
			await session.open(title, live, wish.spot)
			const { subject } = now()
			if (live && wish.ref.kind === 'unit' && wish.ref.unit === (subject?.bundle.node.unit ?? wish.ref.unit))
				session.watchStarts(subject?.evidence.journal?.lastAt)
			if (live && wish.follow) session.do({ do: 'follow', on: true })
		} catch (error) {
			opening.delete(id)
			tell({ is: 'failed', why: error instanceof Error ? error.message : String(error) })
		}
	}

	return {
		do: (id, wish, state) => {
			if (wish.do === 'open') return void open(id, wish, state)
			const session = sessions.get(id)
			if (!session) return
			if (wish.do === 'save') return void saveLog(session, wish.path, send, state.subject?.bundle)
			if (wish.do === 'pager') return void pageLog(session, lend, environment, send)
			session.do(wish)
		},
		sources: state => void logSources(state, host).then(all => send({ type: 'log-sources', all })),
		tidy: state => {
			if (sessions.size === 0 && opening.size === 0) return
			const wanted = openLogs(state)
			for (const [id, session] of sessions) {
				if (wanted.has(id)) continue
				session.close()
				sessions.delete(id)
			}
			for (const id of opening) if (!wanted.has(id)) opening.delete(id)
		},
		close: () => {
			for (const session of sessions.values()) session.close()
			sessions.clear()
		},
	}
}

/** The year of lines that name none: that of the bundle, or today's. */
export function hintOf({ mode, subject }: State): YearHint {
	const taken = mode === 'live' || !subject ? new Date() : new Date(subject.bundle.takenAt)
	const date = Number.isNaN(taken.getTime()) ? new Date() : taken
	return { year: date.getUTCFullYear(), month: date.getUTCMonth() }
}
