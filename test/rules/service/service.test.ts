import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import {
	begins,
	crashing,
	fatalStart,
	goodStart,
	journalText,
	listed,
	listingEntry,
	restarting,
	running,
	unitShow,
} from '../unit.js'

const inactive = { ActiveState: 'inactive', SubState: 'dead' }
const stop: [number, string, string][] = [
	[8, 'systemd', 'Stopping %u - Lightweight Kubernetes...'],
	[9, 'systemd', '%u: Deactivated successfully.'],
	[9, 'systemd', 'Stopped %u - Lightweight Kubernetes.'],
]

describe('service-stopped', () => {
	it('fires on a unit under another name that somebody stopped', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow({ ...inactive, Id: 'k3s-edge.service' }),
			'journal/k3s-edge.log': journalText([...goodStart(), ...stop], 'k3s-edge.service'),
		}
		const examination = judgeFiles(files, { unit: 'k3s-edge.service' })
		expect(rootsOf(examination)).toEqual(['service-stopped'])
		const step = examination.report.diagnoses[0]?.remedies[0]?.steps[0]
		expect(step).toMatchObject({ run: ['systemctl', 'start', 'k3s-edge.service'] })
	})

	it('is silent on a unit that failed, and on one that runs', () => {
		expect(causesOf(judgeFiles(crashing('Error: x')))).not.toHaveProperty('service-stopped')
		expect(causesOf(judgeFiles(running()))).toEqual({})
	})
})

describe('service-disabled', () => {
	it('fires when the unit is disabled or masked and not running', () => {
		for (const state of [{ UnitFileState: 'disabled' }, { UnitFileState: 'masked', LoadState: 'masked' }]) {
			const examination = judgeFiles({ 'commands/systemctl-show.txt': unitShow({ ...inactive, ...state }) })
			expect(rootsOf(examination)).toEqual(['service-disabled'])
		}
	})

	it('is silent when the unit is disabled but runs', () => {
		const files = running({ 'commands/systemctl-show.txt': unitShow({ UnitFileState: 'disabled' }) })
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('k3s-not-installed', () => {
	const nothing = {
		'commands/systemctl-show.txt': unitShow(
			{ ...inactive, LoadState: 'not-found', FragmentPath: '', UnitFileState: '' },
			[],
		),
		'commands/files.tsv': listed('/etc/systemd/system', { type: 'd' }),
	}

	it('fires where there is no binary, no unit and no data', () => {
		expect(rootsOf(judgeFiles(nothing, {}, [listingEntry]))).toEqual(['k3s-not-installed'])
	})

	it('is silent where a binary or data are left', () => {
		const files = {
			...nothing,
			'commands/files.tsv': listed('/usr/local/bin/k3s', { mode: '755', size: 70_000_000 }),
		}
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).not.toHaveProperty('k3s-not-installed')
	})

	it('is silent where the files could not be listed', () => {
		const { 'commands/files.tsv': _listing, ...unlisted } = nothing
		expect(causesOf(judgeFiles(unlisted))).not.toHaveProperty('k3s-not-installed')
	})
})

describe('unit-file-invalid', () => {
	const bad = unitShow(
		{ ...inactive, LoadState: 'bad-setting', DropInPaths: '/etc/systemd/system/k3s.service.d/debug.conf' },
		['/usr/local/bin/k3s server', '/usr/local/bin/k3s server --debug'],
	)

	it('fires when systemd refuses the unit, and offers to clear the first ExecStart', () => {
		const cat =
			'# /etc/systemd/system/k3s.service\n[Service]\nExecStart=/usr/local/bin/k3s server\n\n# /etc/systemd/system/k3s.service.d/debug.conf\n[Service]\nExecStart=/usr/local/bin/k3s server --debug\n'
		const examination = judgeFiles({ 'commands/systemctl-show.txt': bad, 'commands/systemctl-cat.txt': cat })
		expect(rootsOf(examination)).toEqual(['unit-file-invalid'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toMatchObject({
			editLines: '/etc/systemd/system/k3s.service.d/debug.conf',
			changes: [{ becomes: ['ExecStart=', 'ExecStart=/usr/local/bin/k3s server --debug'] }],
		})
	})

	it('is silent on a unit that is merely stopped', () => {
		expect(causesOf(judgeFiles({ 'commands/systemctl-show.txt': unitShow(inactive) }))).not.toHaveProperty(
			'unit-file-invalid',
		)
	})
})

const execFailure = (why: string): [number, string, string][] => [
	[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
	[1, '(k3s)[77]', `%u: Failed at step EXEC spawning /opt/bin/k3s: ${why}`],
	[1, 'systemd', '%u: Main process exited, code=exited, status=203/EXEC'],
	[1, 'systemd', "%u: Failed with result 'exit-code'."],
	[1, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
]
const notExecuted = (why: string, more: Record<string, string> = {}) => ({
	'commands/systemctl-show.txt': unitShow({ ...restarting, ExecMainStatus: '203' }, ['/opt/bin/k3s server']),
	'journal/k3s.log': journalText([...execFailure(why), ...execFailure(why)]),
	...more,
})

describe('binary-wrong-arch', () => {
	it('fires on an exec format error, wherever the binary lies', () => {
		expect(rootsOf(judgeFiles(notExecuted('Exec format error')))).toEqual(['binary-wrong-arch'])
	})

	it('says that the file is too small to be k3s', () => {
		const files = notExecuted('Exec format error', {
			'commands/files.tsv': listed('/opt/bin/k3s', { mode: '755', size: 9_000 }),
		})
		expect(
			judgeFiles(files)
				.report.diagnoses[0]?.findings.map(({ says }) => says)
				.join(),
		).toContain('9000 bytes')
	})

	it('is silent on a permission', () => {
		expect(causesOf(judgeFiles(notExecuted('Permission denied')))).not.toHaveProperty('binary-wrong-arch')
	})
})

describe('binary-noexec', () => {
	it('fires on a lost execute bit, and gives it back', () => {
		const files = notExecuted('Permission denied', {
			'commands/files.tsv': listed('/opt/bin/k3s', { mode: '600', size: 70_000_000 }),
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['binary-noexec'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			setMode: '/opt/bin/k3s',
			mode: 0o755,
		})
	})

	it('fires on a data directory that is mounted noexec', async () => {
		const examination = await judgeRecording('config-bad-cidr', {
			'journal/k3s.log': () =>
				journalText([
					...fatalStart('exec: "k3s": executable file not found in $PATH'),
					...fatalStart('exec: "k3s": executable file not found in $PATH', 10),
				]),
			'commands/findmnt.json': text =>
				text.replace('"options": "rw,relatime,discard,"', '"options": "rw,noexec,relatime"'),
			'files/etc/rancher/k3s/config.yaml': 'write-kubeconfig-mode: "0640"\n',
		})
		expect(rootsOf(examination)[0]).toBe('binary-noexec')
	})

	it('is silent on healthy nodes with noexec elsewhere', async () => {
		const examination = await judgeRecording('healthy-server', {
			'commands/findmnt.json': text => text.replace('"target": "/tmp"', '"target": "/var/tmp"'),
		})
		expect(causesOf(examination)).not.toHaveProperty('binary-noexec')
	})
})

describe('service-killed', () => {
	const killed = (status: string, result: string): [number, string, string][] => [
		[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[1, 'k3s', begins()],
		[5, 'systemd', `%u: Main process exited, code=killed, status=${status}`],
		[5, 'systemd', `%u: Failed with result '${result}'.`],
		[5, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
	]
	const files = (status: string, result = 'signal') => ({
		'commands/systemctl-show.txt': unitShow({
			...restarting,
			Result: result,
			ExecMainCode: '2',
			ExecMainStatus: status.split('/')[0] ?? '',
		}),
		'journal/k3s.log': journalText(killed(status, result)),
	})

	it('fires on SIGKILL and on a watchdog', () => {
		expect(rootsOf(judgeFiles(files('9/KILL')))).toEqual(['service-killed'])
		expect(rootsOf(judgeFiles(files('6/ABRT', 'watchdog')))).toEqual(['service-killed'])
	})

	it('is silent on faults of the program itself', () => {
		expect(causesOf(judgeFiles(files('11/SEGV')))).not.toHaveProperty('service-killed')
		expect(causesOf(judgeFiles(crashing('Error: x')))).not.toHaveProperty('service-killed')
	})
})

describe('service-start-timeout', () => {
	it('fires when systemd ended the start because of its limit', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow({ ...restarting, Result: 'timeout' }),
			'journal/k3s.log': journalText([
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', begins()],
				[50, 'systemd', '%u: start operation timed out. Terminating.'],
				[52, 'systemd', "%u: Failed with result 'timeout'."],
			]),
		}
		expect(rootsOf(judgeFiles(files))).toEqual(['service-start-timeout'])
	})

	it('is silent on any other failure', () => {
		expect(causesOf(judgeFiles(crashing('Error: x')))).not.toHaveProperty('service-start-timeout')
	})
})

describe('selinux-denied', () => {
	it('fires when an executable binary may not be executed under enforcing SELinux', () => {
		const files = notExecuted('Permission denied', {
			'commands/systemctl-show.txt': unitShow({ ...restarting, ExecMainStatus: '203' }),
			'commands/getenforce.txt': 'Enforcing\n',
			'commands/uname.txt': 'Linux node-1 6.1.0 #1 SMP x86_64 GNU/Linux\n',
			'commands/files.tsv': listed('/usr/local/bin/k3s', { mode: '755', size: 70_000_000 }),
		})
		expect(rootsOf(judgeFiles(files, {}, [listingEntry]))[0]).toBe('selinux-denied')
	})

	it('is silent when SELinux is permissive', () => {
		const files = notExecuted('Permission denied', {
			'commands/getenforce.txt': 'Permissive\n',
			'commands/uname.txt': 'Linux node-1 6.1.0 #1 SMP x86_64 GNU/Linux\n',
			'commands/files.tsv': listed('/opt/bin/k3s', { mode: '600' }),
		})
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('selinux-denied')
	})
})

describe('apparmor-denied', () => {
	it('fires when the parser is missing', () => {
		const words =
			'Failed to create pod sandbox: rpc error: apparmor_parser: executable file not found in $PATH'
		const files = running({}, [
			[
				40,
				'k3s',
				`E1121 04:00:40.000000     700 pod_workers.go:1] "Error syncing pod, skipping" err="${words}"`,
			],
		])
		expect(causesOf(judgeFiles(files))).toHaveProperty('apparmor-denied', 'likely')
	})

	it('is silent on other sandbox errors', () => {
		const files = running({}, [
			[
				40,
				'k3s',
				'E1121 04:00:40.000000     700 x.go:1] "Error syncing pod, skipping" err="failed to find plugin"',
			],
		])
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('apparmor-denied')
	})
})

describe('server-and-agent-both', () => {
	it('fires when the agent unit is on beside the server', () => {
		const files = crashing('Error: listen tcp 127.0.0.1:6444: bind: address already in use')
		files['commands/systemctl-show.txt'] +=
			`\n${unitShow({ Id: 'k3s-agent.service' }, ['/usr/local/bin/k3s agent'])}`
		expect(rootsOf(judgeFiles(files))[0]).toBe('server-and-agent-both')
	})

	it('is silent when the other unit is installed but off', () => {
		const files = running()
		files['commands/systemctl-show.txt'] +=
			`\n${unitShow({ Id: 'k3s-agent.service', ...inactive }, ['/usr/local/bin/k3s agent'])}`
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
