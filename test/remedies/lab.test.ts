/**
 * The whole way on a node with a real systemd: a fault is injected, the doctor finds it, its remedy is confirmed by
 * keys at a terminal and run, the node is examined again, and an undo brings back every byte, mode and owner.
 */
import { spawn } from '@lydell/node-pty'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fault, faults } from '../lab/faults.js'
import { lastStart } from '../lab/healthy.js'
import { type LabNode, makeNode, nodeName, scriptPath, whyNot } from '../lab/node.js'
import { openRecording } from '../recording.js'

const reason = whyNot()
if (reason !== undefined) process.stderr.write(`skipped: remedies on a scratch node: ${reason}\n`)

interface Typed {
	exit: number
	screen: string
}

/** Runs the doctor in the node at a terminal, and answers what it asks. */
function atTerminal(args: string[], answer: (question: string) => string): Promise<Typed> {
	const terminal = spawn(scriptPath, ['in', nodeName, '/usr/local/bin/k3s-doctor', ...args], {
		cols: 160,
		rows: 50,
		env: process.env as Record<string, string>,
	})
	let screen = ''
	let answered = 0
	terminal.onData(text => {
		screen += text
		const question = /(\[y\/N\] |to run this: )[^\n]*$/.exec(screen.slice(answered))
		if (!question) return
		const asked = screen.slice(answered)
		answered = screen.length
		terminal.write(`${answer(asked.slice(asked.lastIndexOf('\n') + 1))}\r`)
	})
	return new Promise(resolve => terminal.onExit(({ exitCode }) => resolve({ exit: exitCode, screen })))
}

const yes = (question: string) => (question.includes('name of the node') ? nodeName : 'y')

async function inject(node: LabNode, { fails, inject: commands }: Fault): Promise<void> {
	node.reset()
	if (fails) {
		const { when, recording = '', says, exit = 1, hangs, goesOn } = fails
		const lines = says ?? lastStart(await openRecording(recording), undefined, !hangs)
		node.faults([{ when, says: lines, ...(!hangs && { exit }), ...(goesOn && { goesOn }) }])
	}
	node.sh(commands)
}

describe.skipIf(reason !== undefined)('on a node with a real systemd', () => {
	let node: LabNode
	const proved: string[] = []
	beforeAll(async () => {
		node = await makeNode()
	}, 180_000)
	afterAll(() => {
		node?.remove()
		process.stdout.write(
			`mended, seen to be mended, and taken back (${proved.length}): ${proved.join(', ')}\n`,
		)
	})

	const only = process.env.K3S_DOCTOR_LAB_ONLY
	it.each(faults.filter(({ cause }) => !only || new RegExp(only).test(cause)))(
		'$cause is mended, and the undo brings it back',
		async fault => {
			await inject(node, fault)
			expect(node.sh(fault.mended), 'the fault is there').not.toBe(0)
			const before = node.manifest()

			const remedy = fault.remedy === undefined ? [] : ['--remedy', String(fault.remedy)]
			const fixed = await atTerminal(['fix', fault.cause, ...remedy], yes)
			expect(fixed.screen, fixed.screen).toContain('Fixed: its signs are gone.')
			expect(fixed.exit === 0 || fixed.screen.includes('New:'), fixed.screen).toBe(true)
			expect(node.sh(fault.mended), `mended\n${fixed.screen}`).toBe(0)

			if (fault.noUndo) {
				proved.push(`${fault.cause} (nothing to take back)`)
				return
			}
			const undone = await atTerminal(['undo'], yes)
			expect(undone.exit, undone.screen).toBe(0)
			expect(node.sh(fault.mended), `back\n${undone.screen}`).not.toBe(0)
			const after = node.manifest()
			for (const [path, state] of before)
				expect(`${path} ${after.get(path)}`, undone.screen).toBe(`${path} ${state}`)
			proved.push(fault.cause)
		},
		120_000,
	)
})
