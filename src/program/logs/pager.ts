/** What is shown of a log, in $PAGER. */
import type { Message } from '../../app/message.js'
import { pagerOf, showIn } from '../../host/logs/pager.js'
import { textOf } from './save.js'
import type { LogSession } from './session.js'

export async function pageLog(
	session: LogSession,
	lend: (work: () => Promise<void>) => Promise<void>,
	environment: Readonly<Record<string, string | undefined>>,
	send: (message: Message) => void,
): Promise<void> {
	const work = new AbortController()
	const pieces = async function* () {
		for await (const rows of session.shown.lines(work.signal)) yield textOf(rows)
	}
	let trouble: unknown
	await lend(async () => {
		try {
			await showIn(pagerOf(environment), environment, pieces())
		} catch (error) {
			trouble = error
		}
	})
	work.abort()
	if (trouble === undefined) return
	const text = trouble instanceof Error ? trouble.message : String(trouble)
	send({ type: 'notice', notice: { text, tone: 'bad' } })
}
