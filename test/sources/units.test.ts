import { describe, expect, it } from 'vitest'
import { units } from '../../src/sources/units.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'
import { fakeAsk } from './fake-ask.js'

const show = `Type=notify
Restart=always
MainPID=0
Result=exit-code
NRestarts=7
ExecMainStartTimestamp=Sat 2026-11-21 05:30:25 UTC
ExecMainExitTimestamp=Sat 2026-11-21 05:30:26 UTC
ExecMainPID=1223
ExecMainCode=1
ExecMainStatus=203
ExecStart={ path=/usr/local/bin/k3s ; argv[]=/usr/local/bin/k3s server --node-label a=b c ; ignore_errors=no ; start_time=[Sat 2026-11-21 05:30:25 UTC] ; stop_time=[n/a] ; pid=1223 ; code=exited ; status=203 }
EnvironmentFiles=/etc/default/k3s (ignore_errors=yes)
EnvironmentFiles=/etc/k3s.env (ignore_errors=no)
LimitNOFILE=infinity
Id=k3s.service
LoadState=loaded
ActiveState=activating
SubState=auto-restart
FragmentPath=/etc/systemd/system/k3s.service
DropInPaths=/etc/systemd/system/k3s.service.d/a.conf /etc/systemd/system/k3s.service.d/b.conf
UnitFileState=enabled
ActiveEnterTimestamp=
InactiveEnterTimestamp=n/a
InvocationID=b23f9d32a93a49a0a45546f08b11a53c

MainPID=12
Id=firewalld.service
LoadState=loaded
ActiveState=active
LimitNOFILE=64
`

const cat = `# /etc/systemd/system/k3s.service
[Unit]
Description=Lightweight Kubernetes
# /etc/systemd/system/other.service
[Service]
ExecStart=-/usr/local/bin/k3s \\
    server \\
# a word about labels
	'--node-label' \\
	'a=b c' \\

`

describe('the systemd units', () => {
	it('are read from systemctl show, one block each', () => {
		const evidence = units.parse(bundleOf({ 'commands/systemctl-show.txt': show }))
		expect(evidence?.all.map(unit => unit.id)).toEqual(['k3s.service', 'firewalld.service'])
		expect(evidence?.own).toMatchObject({
			activeState: 'activating',
			subState: 'auto-restart',
			result: 'exit-code',
			restarts: 7,
			exitCode: 1,
			exitStatus: 203,
			startedAt: Date.UTC(2026, 10, 21, 5, 30, 25),
			exitedAt: Date.UTC(2026, 10, 21, 5, 30, 26),
			environmentFiles: ['/etc/default/k3s', '/etc/k3s.env'],
			dropIns: ['/etc/systemd/system/k3s.service.d/a.conf', '/etc/systemd/system/k3s.service.d/b.conf'],
			quote: { file: 'commands/systemctl-show.txt', line: 17, text: 'ActiveState=activating' },
		})
	})

	it('leave out what systemd does not know', () => {
		const own = units.parse(bundleOf({ 'commands/systemctl-show.txt': show }))?.own
		expect(own).not.toHaveProperty('activeAt')
		expect(own).not.toHaveProperty('inactiveAt')
		// No limit is no number.
		expect(own).not.toHaveProperty('limitNofile')
	})

	it('count local times from the offset that date tells', () => {
		const files = {
			'commands/systemctl-show.txt':
				'Id=k3s.service\nActiveEnterTimestamp=Sat 2026-11-21 05:54:33 CET\nExecMainStartTimestamp=@1795236863\n',
			'commands/date.txt': '2026-11-21T05:55:04,123456789+01:00\n',
		}
		const own = units.parse(bundleOf(files))?.own
		expect(own?.activeAt).toBe(Date.UTC(2026, 10, 21, 4, 54, 33))
		expect(own?.startedAt).toBe(1795236863000)
	})

	it('take the words of ExecStart from the unit file where systemd shows the same line', () => {
		const files = { 'commands/systemctl-show.txt': show, 'commands/systemctl-cat.txt': cat }
		expect(units.parse(bundleOf(files))?.own?.exec).toEqual([
			['/usr/local/bin/k3s', 'server', '--node-label', 'a=b c'],
		])
		// The file was changed and systemd has not read it yet: what systemd says counts.
		const changed = { ...files, 'commands/systemctl-cat.txt': cat.replace('a=b c', 'a=b d') }
		expect(units.parse(bundleOf(changed))?.own?.exec[0]?.slice(-2)).toEqual(['a=b', 'c'])
	})

	it('part systemctl cat into files, and no comment is taken for a heading', () => {
		const text = `${cat}\n# /etc/systemd/system/k3s.service.d/o.conf\n[Service]\nLimitNOFILE=64\n`
		const parts = units.parse(bundleOf({ 'commands/systemctl-cat.txt': text }))?.cat
		expect(parts?.map(part => part.path)).toEqual([
			'/etc/systemd/system/k3s.service',
			'/etc/systemd/system/k3s.service.d/o.conf',
		])
		expect(parts?.[1]?.text).toBe('[Service]\nLimitNOFILE=64\n')
	})

	it('fall back on the unit file of the bundle, drop-ins by name', () => {
		const dir = 'files/etc/systemd/system/k3s-edge.service'
		const files = { [`${dir}.d/b.conf`]: 'B', [`${dir}.d/a.conf`]: 'A', [dir]: '[Service]\n' }
		const evidence = units.parse(bundleOf(files, { unit: 'k3s-edge.service' }))
		expect(evidence?.cat.map(part => part.path)).toEqual([
			'/etc/systemd/system/k3s-edge.service',
			'/etc/systemd/system/k3s-edge.service.d/a.conf',
			'/etc/systemd/system/k3s-edge.service.d/b.conf',
		])
		expect(evidence).not.toHaveProperty('own')
	})

	it('name failed units with and without the mark before them', () => {
		const text = '● nfs-server.service loaded failed failed NFS\nmnt-x.mount not-found failed failed x\n\n'
		expect(units.parse(bundleOf({ 'commands/systemctl-failed.txt': text }))?.failed).toEqual([
			'nfs-server.service',
			'mnt-x.mount',
		])
	})

	it('of recorded nodes have the state that was seen', async () => {
		const dropIn = units.parse(await openRecording('unit-bad-dropin'))
		expect(dropIn?.own?.loadState).toBe('bad-setting')
		expect(dropIn?.own?.exec.map(argv => argv.join(' '))).toEqual([
			'/usr/local/bin/k3s server',
			'/usr/local/bin/k3s server --debug',
		])
		expect(units.parse(await openRecording('nofile-limit'))?.own?.limitNofile).toBe(64)
		const none = units.parse(await openRecording('not-installed'))
		expect(none?.own).toMatchObject({ loadState: 'not-found', activeState: 'inactive' })
	})

	it('are unknown where nothing was answered', () => {
		expect(units.parse(bundleOf({}))).toBeUndefined()
	})

	it('survive hostile text', () => {
		for (const text of [
			'='.repeat(200_000),
			`Id=k3s.service\nMainPID=-1e309\nLimitNOFILE=${'9'.repeat(400)}\nExecStart={ argv[]=\n\0\n__proto__=x`,
			'Id=__proto__\nActiveState=\u001b[31m\nDropInPaths=   ',
			`ExecStart=${'{'.repeat(100_000)}`,
		]) {
			const files = { 'commands/systemctl-show.txt': text, 'commands/systemctl-cat.txt': text }
			expect(() => units.parse(bundleOf(files))).not.toThrow()
		}
		const own = units.parse(
			bundleOf({ 'commands/systemctl-show.txt': 'Id=k3s.service\nMainPID=-1e309\n' }),
		)?.own
		expect(own?.mainPid).toBe(0)
	})
})

describe('an OpenRC service', () => {
	const openrc = { init: 'openrc' } as const
	const read = (text: string, stderr = '') =>
		units.parse(
			bundleOf({ 'commands/rc-service-status.txt': text }, openrc, [
				{ file: 'commands/rc-service-status.txt', exit: 3, stderr },
			]),
		)?.own

	it('that runs is not claimed to be ready: the supervisor runs, k3s may not', () => {
		expect(read(' * status: started\n')).toMatchObject({ loadState: '', subState: 'started' })
	})

	it('that stopped or crashed is told so', () => {
		expect(read(' * status: stopped\n')).toMatchObject({ loadState: 'loaded', activeState: 'inactive' })
		expect(read(' * status: crashed\n')).toMatchObject({ activeState: 'failed' })
		expect(read('', " * rc-service: service `k3s' does not exist\n")).toMatchObject({
			loadState: 'not-found',
		})
	})

	it('with an unknown answer is unknown', () => {
		expect(read('no idea\n')).toBeUndefined()
	})
})

describe('asking for units', () => {
	it('asks about the own unit, others of k3s, and what troubles it', async () => {
		const paths = {
			'/etc/systemd/system/k3s-edge.service': '',
			'/etc/systemd/system/k3s-other.service': '',
			'/etc/systemd/system/k3s-edge.service.d/limits.conf': '',
			'/etc/systemd/system/-evil.service': '',
		}
		const { ask, ran, read } = fakeAsk({ node: { unit: 'k3s-edge.service' }, paths })
		await units.collect(ask)
		const asked = ran.find(line => line.startsWith('systemctl show')) ?? ''
		expect(asked).toContain(' k3s-edge.service k3s-other.service k3s.service ')
		expect(asked).toContain(' firewalld.service ')
		expect(asked).not.toContain('-evil')
		expect(ran).toContain('systemctl cat --no-pager k3s-edge.service')
		expect(read.map(({ path }) => path)).toContain('/etc/systemd/system/k3s-edge.service.d/limits.conf')
	})

	it('asks OpenRC in its own words', async () => {
		const { ask, ran } = fakeAsk({ node: { init: 'openrc', unit: 'k3s-agent.service' } })
		await units.collect(ask)
		expect(ran).toEqual(['rc-service k3s-agent status'])
	})

	it('asks nobody where there is no service manager', async () => {
		const { ask, ran } = fakeAsk({ node: { init: 'none' } })
		await units.collect(ask)
		expect(ran).toEqual([])
		expect(units.wants({ ...ask.node })).toEqual([])
	})
})
