/** The program at a real terminal while it changes something: by keys, by signals, and when the terminal goes away. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { Action } from '../../src/model/action.js'
import { readHistory } from '../../src/remedies/audit.js'
import { node, openProgram, type Session } from './session.js'

const program = fileURLToPath(new URL('../../dist/test/program/acting.js', import.meta.url))

let root = ''
let session: Session | undefined
afterEach(() => {
	session?.close()
	if (root !== '') rmSync(root, { recursive: true, force: true })
})

/** The app, its remedy confirmed, waiting at the gate. */
async function atTheGate(): Promise<Session> {
	const told = join(mkdtempSync(join(tmpdir(), 'acting-')), 'root')
	session = openProgram(node, [program, told])
	await session.until(text => text.includes('DOWN'), 'the diagnosis')
	root = readFileSync(told, 'utf8')
	session.send('r')
	await session.until(text => text.includes('x run'), 'the plan')
	session.send('x')
	await session.until(text => text.includes('y/N'), 'the question')
	expect(text('etc/rancher/k3s/config.yaml')).toBe('a: 1\n')
	session.send('y')
	await session.until(text => text.includes('│ waiting at the gate'), 'output while it runs')
	return session
}

const text = (path: string) => readFileSync(join(root, path), 'utf8')
const unit = () => text('state/units/k3s.service/active').trim()
const openGate = () => writeFileSync(join(root, 'gate'), '')

function logged(): Action | undefined {
	const path = join(root, 'var/log/k3s-doctor/audit.jsonl')
	return readHistory(existsSync(path) ? [readFileSync(path, 'utf8')] : []).actions[0]
}

describe('a run at a terminal', { timeout: 180_000 }, () => {
	it('goes on while other tabs are used, is seen to have helped, is taken back, and its backup is deleted', async () => {
		const app = await atTheGate()
		expect(unit()).toBe('inactive')
		app.send('4')
		await app.until(screen => /Node .*running step 3\/5/.test(screen), 'the run in the title of another tab')
		app.send('1')
		await app.until(screen => screen.includes('for 0:01'), 'its time passes')
		openGate()
		await app.until(screen => screen.includes('FIXED') && screen.includes('HEALTHY'), 'the verdict')
		expect(text('etc/rancher/k3s/config.yaml')).toBe('a: 2\n')
		expect(unit()).toBe('active')
		expect(logged()).toMatchObject({ outcome: 'done', verified: { outcome: 'fixed' }, user: 'ada' })
		app.send('u')
		await app.until(screen => /undo .*\n[\s\S]*x run/.test(screen), 'the plan of the undo')
		app.send('x')
		await app.until(screen => screen.includes('Take this back'), 'the question')
		app.send('y')
		await app.until(screen => screen.includes('How it ended'), 'the end of the undo')
		expect(text('etc/rancher/k3s/config.yaml')).toBe('a: 1\n')

		app.send('6')
		await app.until(screen => screen.includes('taken back'), 'the history')
		const folder = logged()?.folder ?? ''
		expect(existsSync(folder)).toBe(true)
		app.send('G')
		await app.until(screen => /❯ 1\. Mend it/.test(screen), 'the first action')
		app.send('D')
		await app.until(screen => /^ x run /m.test(screen) && screen.includes('Delete the backup of'), 'the plan')
		app.send('x')
		await app.until(screen => screen.includes('Delete it on'), 'the question')
		expect(existsSync(folder)).toBe(true)
		app.send('y')
		await app.until(screen => screen.includes('How it ended'), 'the end')
		expect(existsSync(folder)).toBe(false)
		app.send('\u0003')
		expect(await app.ended).toBe(130)
	})

	it('stops after the step when Ctrl-C and s say so, and offers the undo', async () => {
		const app = await atTheGate()
		app.send('\u0003')
		await app.until(screen => screen.includes('s after this step'), 'the question')
		app.send('s')
		await app.until(screen => screen.includes('stops after step 3/5'), 'the promise')
		openGate()
		await app.until(screen => screen.includes('Take back what was done'), 'the offer')
		expect(logged()).toMatchObject({
			outcome: 'stopped',
			detail: 'stopped with Ctrl-C: stopped before step 4',
		})
	})

	it('kills the step when Ctrl-C and k say so', async () => {
		const app = await atTheGate()
		app.send('\u0003')
		await app.until(screen => screen.includes('k kills it now'), 'the question')
		app.send('k')
		await app.until(screen => screen.includes('It did not end well'), 'the end')
		expect(app.text()).toContain('KILLED after')
		expect(logged()).toMatchObject({ outcome: 'killed' })
	})
})

describe('the end by others while a step runs', { timeout: 180_000 }, () => {
	it('SIGHUP: the step ends, the service is started again, the log says so, then the doctor leaves', async () => {
		const app = await atTheGate()
		// As when an ssh connection breaks: the terminal is gone, and SIGHUP comes.
		app.hangUp()
		openGate()
		expect(await app.ended).toBe(129)
		expect(unit()).toBe('active')
		const action = logged()
		expect(action?.steps.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done'])
		expect(action).toMatchObject({
			outcome: 'stopped',
			detail: 'the terminal went away: stopped before step 5',
		})
	})

	it('SIGTERM: the terminal is given back at once, and it says what it waits for', async () => {
		const app = await atTheGate()
		process.kill(app.pid, 'SIGTERM')
		await app.until(screen => screen.includes('an action is running'), 'the reason')
		expect(app.alternate()).toBe(false)
		openGate()
		expect(await app.ended).toBe(143)
		expect(unit()).toBe('active')
		expect(logged()).toMatchObject({ outcome: 'stopped' })
	})
})
