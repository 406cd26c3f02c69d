/** The real program on a real terminal: through all screens, out on every way, and the terminal as it was. */
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { tabs, tabTitles } from '../../src/app/state.js'
import { run } from '../commands/program.js'
import { bin, doctor, node, openShell, type Session } from './session.js'

const onDemo = (text: string) => text.includes('DOWN') && text.includes('❯')

let session: Session | undefined
afterEach(() => session?.close())

function shell(options?: Parameters<typeof openShell>[0]): Session {
	session = openShell(options)
	return session
}

/** Starts the program; behind it the shell tells its status and what became of the terminal. */
function start(command: string, options?: Parameters<typeof openShell>[0]): Session {
	const opened = shell(options)
	opened.send(
		`${command}; echo "status=$?"; stty -a | tr ';' '\\n' | grep -ow -e '-\\?icanon' -e '-\\?echo' | xargs\r`,
	)
	return opened
}

/** The demo, with its process id. */
async function startKnown(flags = ''): Promise<{ opened: Session; pid: number }> {
	const opened = start(
		`sh -c 'echo pid=$$; exec ${flags ? `${node} ${flags} ${bin}` : doctor().replaceAll("'", '')} demo'`,
	)
	await opened.until(onDemo, 'the first diagnosis')
	return { opened, pid: Number(/pid=(\d+)/.exec(opened.raw())?.[1]) }
}

/** Everything is as it was before: screen, modes, cursor, line editing. */
async function expectRestored(opened: Session, status: number): Promise<string> {
	const text = await opened.until(screen => /status=\d+\n.*icanon.*\n\$/.test(screen), 'the shell is back')
	expect(text).toContain(`status=${status}\n`)
	expect(text).toMatch(/^icanon echo$/m)
	expect(opened.alternate()).toBe(false)
	expect(opened.modes()).toMatchObject({ bracketedPasteMode: true, wraparoundMode: true })
	expect(opened.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(opened.raw().lastIndexOf('\u001b[?25l'))
	return text
}

describe('the demo', () => {
	it('goes through all tabs, bears a resize, and says goodbye in three lines', async () => {
		const opened = start(doctor('demo'))
		await opened.until(onDemo, 'the first diagnosis')
		expect(opened.alternate()).toBe(true)
		for (const [index, tab] of tabs.entries()) {
			opened.send(String(index + 1))
			await opened.until(text => text.includes(`› ${tabTitles[tab]}`), tab)
		}
		opened.send('1')
		await opened.until(onDemo, 'home again')
		opened.send('\r')
		await opened.until(text => text.includes('What it means'), 'a diagnosis')
		for (const [columns, rows] of [
			[60, 15],
			[120, 40],
			[80, 24],
		] as const) {
			opened.resize(columns, rows)
			await opened.until(
				text =>
					text.split('\n').length === rows &&
					/\d+\/\d+ ?$/.test(text.trimEnd()) &&
					text.includes('What it means'),
				`${columns}×${rows}`,
			)
		}
		opened.send('q')
		await opened.until(text => text.includes('Enter open'), 'home')
		opened.send('q')
		await opened.until(text => text.includes('q again leaves'), 'the question')
		opened.send('q')
		const text = await expectRestored(opened, 0)
		expect(text).toMatch(/s1: DOWN\./)
		expect(text).toMatch(/^1\. CRITICAL /m)
		expect(text).toContain('This was a recording.')
	})

	it('keeps a key that comes with the first frame, and no trace of it on the screen', async () => {
		const opened = start(doctor('demo'))
		await opened.until(() => opened.alternate(), 'the screen of the app')
		opened.send('4')
		const text = await opened.until(
			screen => screen.includes('› Node') && screen.includes('Certificates'),
			'the node',
		)
		expect(text).toMatch(/^ s1 › Node/)
	})

	it('stops for Ctrl-Z and comes back with fg', async () => {
		const opened = start(doctor('demo'))
		await opened.until(onDemo, 'the first diagnosis')
		opened.send('\u001a')
		await opened.until(text => text.includes('Stopped'), 'the shell')
		expect(opened.alternate()).toBe(false)
		expect(opened.modes().wraparoundMode).toBe(true)
		opened.send('echo still $((40 + 2))\r')
		await opened.until(text => text.includes('still 42'), 'a working shell')
		opened.send('fg\r')
		await opened.until(onDemo, 'the screen again')
		opened.send('4')
		await opened.until(text => text.includes('Certificates'), 'keys work again')
		opened.send('\u0003')
		await opened.until(text => !text.includes('Certificates') && text.includes('s1: DOWN.'), 'left')
	})

	it('keeps its colours to itself under NO_COLOR, and its letters to ASCII with --ascii', async () => {
		const opened = start(doctor('demo', '--ascii'), { env: { NO_COLOR: '1' } })
		const text = await opened.until(screen => screen.includes('> CRITICAL'), 'the first diagnosis')
		expect(text).toMatch(/^[\u0020-\u007e\n]*$/)
		// No foreground or background colour, whatever else is bold or inverse.
		expect(opened.raw()).not.toMatch(/\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9\d)(?:;[\d;]*)?m/)
		opened.send('\u0003')
		await expectRestored(opened, 130)
	})
})

describe('a saved bundle', () => {
	it('is examined, and what is wrong with its path is told', async () => {
		const opened = start(doctor('--from', 'test/recordings/healthy-server.tar.gz'))
		await opened.until(text => text.includes('HEALTHY'), 'the verdict')
		opened.send('\u0003')
		await expectRestored(opened, 130)
		opened.send(`clear; ${doctor('--from', 'test/recordings/none.tar.gz')}\r`)
		await opened.until(text => text.includes('There is no report'), 'the reason')
		opened.send('\u0003')
		await opened.until(text => !opened.alternate() && text.includes('Check the path'), 'what to do')
	})
})

describe('what leaves the app', () => {
	it('has no secret in it: a saved log, a saved report, what is copied', { timeout: 120_000 }, async () => {
		const folder = mkdtempSync(join(tmpdir(), 'doctor-leaves-'))
		const secret = 'Sup3rSecretW0rd'
		const bundle = join(folder, 'bundle')
		mkdirSync(join(bundle, 'journal'), { recursive: true })
		mkdirSync(join(bundle, 'files/etc/rancher/k3s'), { recursive: true })
		writeFileSync(join(bundle, 'files/etc/rancher/k3s/config.yaml'), `token: ${secret}\n`)
		const time = '2026-11-21T05:00:01Z'
		const said = `Error: flag provided but not defined: -x ${secret}`
		writeFileSync(
			join(bundle, 'journal/k3s.log'),
			`time="${time}" level=info msg="Starting k3s v1.33.1+k3s1 (x)"\ntime="${time}" level=fatal msg="${said}"\n`,
		)
		const opened = start(doctor('--from', bundle), { columns: 110, rows: 40 })
		await opened.until(text => text.includes('DOWN'), 'the verdict')

		opened.send('5')
		await opened.until(
			text => /Read it +\d+ lines.*2 secrets in the evidence masked/.test(text),
			'the report',
		)
		const report = join(folder, 'report.html')
		opened.send('X\u0015')
		await opened.until(text => /Save as: *$/m.test(text), 'the prompt')
		opened.send(`${report}\r`)
		await opened.until(text => text.includes('The report is in'), 'the saved report')
		const again = join(folder, 'again.tar.gz')
		opened.send(`:save ${again}\r`)
		await opened.until(text => text.includes('The bundle is in'), 'the saved bundle')
		opened.send('C')
		await opened.until(text => text.includes('in the clipboard'), 'the copied report')

		opened.send('3')
		await opened.until(text => text.includes('k3s.log') || text.includes('k3s'), 'the logs')
		opened.send('\r')
		await opened.until(text => text.includes('not defined'), 'the log')
		expect(opened.text()).not.toContain(secret)
		const log = join(folder, 'saved.log')
		opened.send('S')
		await opened.until(text => /: *\S*\.log|Save/i.test(text.split('\n').at(-1) ?? ''), 'the prompt')
		opened.send(`\u0015${log}\r`)
		await opened.until(text => text.includes('lines are in'), 'the saved log')
		opened.send('\u0003')
		await expectRestored(opened, 130)

		for (const path of [report, log]) {
			const text = readFileSync(path, 'utf8')
			expect(text).not.toContain(secret)
			expect(text).toMatch(/redacted-[0-9a-f]{8}/)
			expect(statSync(path).mode & 0o777).toBe(0o600)
		}
		const tar = gunzipSync(readFileSync(again)).toString('utf8')
		expect(tar).not.toContain(secret)
		expect(tar).toContain('flag provided but not defined')
		const copied = [...opened.raw().matchAll(/\u001b\]52;c;([^\u0007]*)\u0007/g)]
		expect(copied.length).toBeGreaterThan(0)
		for (const [, coded = ''] of copied)
			expect(Buffer.from(coded, 'base64').toString('utf8')).not.toContain(secret)
		expect(opened.raw()).not.toContain(secret)
	})
})

describe('this host', () => {
	it('is examined source by source; the app is there from the first moment', {
		timeout: 180_000,
	}, async () => {
		const opened = start(doctor('--read-only'), { columns: 120, rows: 40 })
		await opened.until(text => text.includes('Asking this node'), 'the list of sources')
		await opened.until(
			text => /Looked at|looked at|❯/.test(text) && !text.includes('examining'),
			'the report',
			60_000,
		)
		opened.send('7')
		await opened.until(text => text.includes('Sources'), 'the evidence')
		opened.send('q')
		opened.send('q')
		await opened.until(text => /status=\d/.test(text), 'left')
		expect(opened.text()).toMatch(/The whole report: k3s-doctor diagnose/)
	})

	it('is left at once, though sources are still being asked', async () => {
		const opened = start(doctor('--read-only'))
		await opened.until(text => text.includes('Asking this node'), 'the list of sources')
		const began = performance.now()
		opened.send('\u0003')
		await expectRestored(opened, 130)
		expect(performance.now() - began).toBeLessThan(5_000)
	})
})

describe('the end by others', () => {
	for (const [signal, status] of [
		['TERM', 143],
		['HUP', 129],
		['INT', 130],
	] as const) {
		it(`SIG${signal} gives the terminal back`, async () => {
			const { opened, pid } = await startKnown()
			process.kill(pid, `SIG${signal}`)
			await expectRestored(opened, status)
		})
	}

	it('a crash gives the terminal back and says what happened', async () => {
		const file = join(mkdtempSync(join(tmpdir(), 'doctor-')), 'crash.mjs')
		writeFileSync(file, "process.on('SIGUSR2', () => { throw new Error('the roof fell in') })\n")
		const { opened, pid } = await startKnown(`--import ${file}`)
		process.kill(pid, 'SIGUSR2')
		const text = await expectRestored(opened, 1)
		expect(text).toContain('the roof fell in')
	})
})

describe('without a screen', () => {
	it('prints the text report into a pipe', async () => {
		const { stdout, status } = await run(['--from', 'test/recordings/disk-full-restart.tar.gz'])
		expect(status).toBe(3)
		expect(stdout).toContain('DOWN')
		expect(stdout).not.toContain('\u001b')
	})

	it('prints the text report and a hint on a dumb terminal', async () => {
		const opened = start(doctor('--from', 'test/recordings/healthy-server.tar.gz'), {
			env: { TERM: 'dumb' },
			rows: 60,
		})
		const text = await opened.until(screen => screen.includes('status=0'), 'the end')
		expect(text).toContain('TERM=xterm opens the app')
		expect(text).toContain('HEALTHY')
		expect(opened.raw()).not.toContain('\u001b[?1049h')
	})
})
