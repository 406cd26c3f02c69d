/**
 * The whole way on nodes with a real systemd: a fault is injected, the app finds it, its remedy is looked at, confirmed
 * and run by keys at a terminal, the node is examined again, and an undo by keys brings back every byte, mode and owner.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fault, faults } from '../lab/faults.js'
import { lastStart } from '../lab/healthy.js'
import { type LabNode, makeNode, nodeName, sweep, whyNot } from '../lab/node.js'
import { openProgram, type Session } from '../program/session.js'
import { openRecording } from '../recording.js'

const reason = whyNot()
if (reason !== undefined) process.stderr.write(`skipped: remedies on a scratch node: ${reason}\n`)

const only = process.env.K3S_DOCTOR_LAB_ONLY
const wanted = faults.filter(({ cause }) => !only || new RegExp(only).test(cause))
/** Most of the time is spent waiting: several nodes share the processors well. */
const atOnce = Math.min(3, wanted.length)
const patience = 90_000

async function inject(node: LabNode, { fails, inject: commands }: Fault): Promise<void> {
	await node.reset()
	if (fails) {
		const { when, recording = '', says, exit = 1, hangs, goesOn } = fails
		const lines = says ?? lastStart(await openRecording(recording), undefined, !hangs)
		node.faults([{ when, says: lines, ...(!hangs && { exit }), ...(goesOn && { goesOn }) }])
	}
	await node.sh(commands)
}

/** The app in the node, examined. */
async function openApp(node: LabNode): Promise<Session> {
	const [file, args, own] = node.command('env', 'TERM=xterm-256color', '/usr/local/bin/k3s-doctor')
	const session = openProgram(file, args, { env: own })
	await session.until(examined, 'the examination', patience)
	return session
}

/** Opens the plan of a remedy. A node that was too busy to answer is asked again. */
async function openRemedy(session: Session, { cause, remedy = 1 }: Fault): Promise<void> {
	for (let attempt = 1; ; attempt += 1) {
		session.send(`:fix ${cause} ${remedy}\r`)
		const text = await session.until(
			screen => screen.includes(`${cause} › remedy`) || screen.includes('There is no diagnosis'),
			'the remedy',
		)
		if (!text.includes('There is no diagnosis')) return
		if (attempt === 3) throw new Error(`${cause} was not found:\n${text}`)
		session.send('R')
		await session.until(screen => screen.includes('examining'), 'another look')
		await session.until(examined, 'the answer', patience)
	}
}

const examined = (text: string) =>
	/(DOWN|DEGRADED|AT RISK|HEALTHY|STARTING|LOOK) *\n/.test(text) && !text.includes('examining')

/** Waits for the end of a run; what is for a person to do is said to be done. */
async function runToItsEnd(session: Session, node: LabNode, { person }: Fault): Promise<string> {
	let attended = ''
	return session.until(
		text => {
			const waits = /waits for you .*/.exec(text)?.[0] ?? ''
			if (waits !== '' && attended === '')
				void (person ? node.sh(person) : Promise.resolve()).then(() => session.send('y'))
			attended = waits
			return /^[│❯ ]*(FIXED|NOT FIXED|NOT KNOWN|failed|not run|stopped|killed)/m.test(text)
		},
		'the verdict',
		3 * patience,
	)
}

/** The yes to the plan on the screen, as its risk asks for it. */
async function sayYes(session: Session): Promise<void> {
	await session.until(text => /^ x run /m.test(text), 'the plan', patience)
	session.send('x')
	const asked = await session.until(text => /y\/N|Type s1 and Enter/.test(text), 'the question')
	session.send(asked.includes('y/N') ? 'y' : `${nodeName}\r`)
}

async function finished(session: Session): Promise<string> {
	return session.until(text => text.includes('How it ended'), 'the end of the run', patience)
}

describe.skipIf(reason !== undefined)('on nodes with a real systemd', () => {
	const idle: LabNode[] = []
	const waiting: ((node: LabNode) => void)[] = []
	const nodes: LabNode[] = []
	const proved: string[] = []
	const kinds = new Set<string>()

	/** Lends a node that nobody else uses. */
	async function withNode(work: (node: LabNode) => Promise<void>): Promise<void> {
		const node = idle.pop() ?? (await new Promise<LabNode>(resolve => waiting.push(resolve)))
		try {
			await work(node)
		} finally {
			const next = waiting.shift()
			if (next) next(node)
			else idle.push(node)
		}
	}

	beforeAll(async () => {
		await sweep()
		nodes.push(...(await Promise.all(Array.from({ length: atOnce }, (_, index) => makeNode(index)))))
		idle.push(...nodes)
	}, 300_000)
	afterAll(async () => {
		await Promise.all(nodes.map(node => node.remove()))
		process.stdout.write(
			`mended, seen to be mended, and taken back (${proved.length}): ${proved.sort().join(', ')}\n` +
				`kinds of steps among them: ${[...kinds].sort().join(', ')}\n`,
		)
	}, 60_000)

	it.concurrent.each(wanted)(
		'$cause is mended by keys, and the undo brings it back',
		{ timeout: 900_000 },
		fault =>
			withNode(async node => {
				await inject(node, fault)
				expect(await node.sh(fault.mended), 'the fault is there').not.toBe(0)
				const before = node.manifest()
				const session = await openApp(node)
				try {
					await openRemedy(session, fault)
					await sayYes(session)
					const end = await runToItsEnd(session, node, fault)
					expect(end).toMatch(/^[│❯ ]*FIXED/m)
					expect(await node.sh(fault.mended), `mended\n${end}`).toBe(0)
					for (const [, kind = ''] of node.text('var/log/k3s-doctor/audit.jsonl').matchAll(/"does":"(\w+)"/g))
						kinds.add(kind)

					if (fault.noUndo) {
						proved.push(`${fault.cause} (nothing to take back)`)
						return
					}
					session.send('u')
					await session.until(text => text.includes('› undo'), 'the plan of the undo')
					await sayYes(session)
					await session.until(text => text.includes('› run'), 'the undo runs')
					const undone = await finished(session)
					expect(undone).toContain('Done: ')
					expect(await node.sh(fault.mended), `back\n${undone}`).not.toBe(0)
					const after = node.manifest()
					for (const [path, state] of before)
						expect(`${path} ${after.get(path)}`, undone).toBe(`${path} ${state}`)
					proved.push(fault.cause)
				} finally {
					session.close()
				}
			}),
	)
})
