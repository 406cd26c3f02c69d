/** Raw answers of systemd and the journal for tests of rules: an ordinary server with what the test changes. */
import { logrus } from '../scenes/lines.js'

/** A block of `systemctl show` for a k3s unit. */
export function unitShow(
	changes: Record<string, string> = {},
	exec: readonly string[] = ['/usr/local/bin/k3s server'],
): string {
	const values: Record<string, string> = {
		Type: 'notify',
		Restart: 'always',
		MainPID: '0',
		Result: 'success',
		NRestarts: '0',
		ExecMainStartTimestamp: 'Sat 2026-11-21 04:00:00 UTC',
		ExecMainCode: '0',
		ExecMainStatus: '0',
		LimitNOFILE: '1048576',
		Id: 'k3s.service',
		LoadState: 'loaded',
		ActiveState: 'active',
		SubState: 'running',
		FragmentPath: '/etc/systemd/system/k3s.service',
		DropInPaths: '',
		UnitFileState: 'enabled',
		ActiveEnterTimestamp: 'Sat 2026-11-21 04:00:10 UTC',
		InvocationID: 'b23f9d32a93a49a0a45546f08b11a53c',
		...changes,
	}
	const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`)
	const execs = exec.map(
		argv =>
			`ExecStart={ path=${argv.split(' ')[0]} ; argv[]=${argv} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`,
	)
	return `${[...lines, ...execs].join('\n')}\n`
}

/** A unit that systemd restarts again and again. */
export const restarting = {
	ActiveState: 'activating',
	SubState: 'auto-restart',
	Result: 'exit-code',
	NRestarts: '4',
	ExecMainCode: '1',
	ExecMainStatus: '1',
}

export type Said = [second: number, who: string, body: string]

/** Journal lines of 2026-11-21 04:00, `[second, 'k3s' | 'systemd' | other, body]`. */
export function journalText(lines: readonly Said[], unit = 'k3s.service'): string {
	return `${lines
		.map(([second, who, body]) => {
			const at = new Date(Date.UTC(2026, 10, 21, 4, 0, second)).toISOString().replace('Z', '000+0000')
			const speaker = who === 'systemd' ? 'systemd[1]' : who === 'k3s' ? 'k3s[700]' : who
			return `${at} node-1 ${speaker}: ${body.replaceAll('%u', unit)}`
		})
		.join('\n')}\n`
}

export const info = (text: string) => logrus('info', text)
export const error = (text: string) => logrus('error', text)
export const fatal = (text: string) => logrus('fatal', text)

/** What k3s says when a component ends, and k3s with it: `shutdown('kubelet exited: …')`. */
export const shutdown = (why: string) => error(`Shutdown request received: ${JSON.stringify(why)}`)

export const begins = (version = 'v1.33.4+k3s1', kind: 'server' | 'agent' = 'server') =>
	info(`Starting k3s ${kind === 'agent' ? 'agent ' : ''}${version} (abcdef12)`)

/** A start that ends in a fatal line, as systemd and k3s log it. */
export function fatalStart(word: string, second = 0, version = 'v1.33.4+k3s1'): Said[] {
	return [
		[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[second + 1, 'k3s', begins(version)],
		[second + 2, 'k3s', word.startsWith('time=') ? word : fatal(word)],
		[second + 2, 'systemd', '%u: Main process exited, code=exited, status=1/FAILURE'],
		[second + 2, 'systemd', "%u: Failed with result 'exit-code'."],
		[second + 2, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
	]
}

/** A start that became ready. */
export function goodStart(second = 0, version = 'v1.33.4+k3s1'): Said[] {
	return [
		[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[second + 1, 'k3s', begins(version)],
		[second + 3, 'k3s', info('k3s is up and running')],
		[second + 3, 'systemd', 'Started %u - Lightweight Kubernetes.'],
	]
}

/** Files of a server in a crash loop whose last word is `word`. */
export function crashing(word: string, more: Record<string, string> = {}): Record<string, string> {
	return looping(second => fatalStart(word, second), more)
}

/** Two starts that end the same way, and a third to come. */
function looping(start: (second: number) => Said[], more: Record<string, string>): Record<string, string> {
	return {
		'commands/systemctl-show.txt': unitShow(restarting),
		'journal/k3s.log': journalText([...start(0), ...start(10)]),
		...more,
	}
}

/** Files of a server whose start has not ended at `clock`, having said these lines. */
export function starting(
	lines: readonly Said[],
	clock: string,
	more: Record<string, string> = {},
): Record<string, string> {
	return {
		'commands/systemctl-show.txt': unitShow({ ActiveState: 'activating', SubState: 'start' }),
		'journal/k3s.log': journalText([...goodStart().slice(0, 2), ...lines]),
		'commands/date.txt': `2026-11-21T${clock},000000000+00:00\n`,
		...more,
	}
}

/** A start in which a component died, as k3s logs it since November 2025. */
function shutdownStart(why: string, second: number): Said[] {
	return [
		[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[second + 1, 'k3s', 'time="x" level=info msg="Starting k3s v1.36.2+k3s1 (abcdef12)"'],
		[second + 2, 'k3s', shutdown(why)],
		[second + 3, 'systemd', "%u: Failed with result 'protocol'."],
		[second + 3, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
	]
}

/** Files of a server in a crash loop because one of its components dies. */
export function dying(why: string, more: Record<string, string> = {}): Record<string, string> {
	return looping(second => shutdownStart(why, second), more)
}

/** Files of a server that runs well. */
export function running(
	more: Record<string, string> = {},
	lines: readonly Said[] = [],
): Record<string, string> {
	return {
		'commands/systemctl-show.txt': unitShow(),
		'journal/k3s.log': journalText([...goodStart(), ...lines]),
		...more,
	}
}

/** One line of the listing of k3s's files. */
export function listed(path: string, { type = 'f', mode = '644', size = 100, target = '' } = {}): string {
	return `${type}\t${mode}\t0\t0\t${size}\t2026-11-21T03:00:00.0000000000\t${path}\t${target}\n`
}

/** The entry that makes a listing say what was looked through. */
export const listingEntry = {
	file: 'commands/files.tsv',
	argv: [
		'find',
		'/etc/rancher',
		'/usr/local/bin',
		'/etc/systemd/system',
		'/var/lib/rancher/k3s',
		'-maxdepth',
		'5',
		'-printf',
		'%y',
	],
	exit: 0,
}
