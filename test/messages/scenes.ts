/** Makes raw evidence of a message: what a node looks like whose k3s said it in that place. */
import { begins, error, restarting, type Said } from '../rules/unit.js'
import { clusterScenes } from './cluster-scenes.js'
import type { Row } from './rows.js'
import { body, logrus, segments, zap } from './said.js'
import { ends, keepsSaying, type Scene, scene, waits } from './scene.js'
import { stateScenes } from './state-scenes.js'

const graceful = { form: 'today', version: 'v1.36.2+k3s1', status: '0/SUCCESS' }

/** A fatal line of k3s: since December 2024 it begins with `Error: `. */
function fatal(row: Row): Scene[] {
	const words = segments(row.text).map((segment, index, all) =>
		body(segment, index === all.length - 1 ? 'fatal' : 'info'),
	)
	const former = words.map(word => word.replace('msg="Error: ', 'msg="'))
	return [
		ends(row.role, words, { form: 'today', version: 'v1.36.2+k3s1' }),
		...(row.text.includes('Error: ')
			? [ends(row.role, former, { form: 'before December 2024', version: 'v1.28.9+k3s1' })]
			: []),
	]
}

/** A component ended: since November 2025 k3s stops gracefully. */
function shutdown(row: Row): Scene[] {
	const word = error(`Shutdown request received: ${JSON.stringify(row.text)}`)
	const former = { form: 'before November 2025', version: 'v1.32.5+k3s1' }
	return [ends(row.role, [word], graceful), ends(row.role, [logrus('fatal', row.text)], former)]
}

function silence(row: Row): Scene[] {
	const said = segments(row.text).map((segment, index) => [1 + index, 'k3s', body(segment, 'info')] as Said)
	const lines: Said[] = [[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'], ...said]
	return [scene(row.role, 'silence', { ActiveState: 'activating', SubState: 'start' }, lines)]
}

function notExecuted(row: Row): Scene[] {
	return [
		scene(row.role, 'systemd', { ...restarting, ExecMainStatus: '203' }, [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[0, '(k3s)[700]', `%u: ${row.text}`],
			[0, '(k3s)[700]', '%u: Failed at step EXEC spawning /opt/bin/k3s: Exec format error'],
			[0, 'systemd', '%u: Main process exited, code=exited, status=203/EXEC'],
			[0, 'systemd', "%u: Failed with result 'exit-code'."],
			[0, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
		]),
	]
}

function inContainerdLog(row: Row): Scene[] {
	const line = row.text.startsWith('level=') ? `time="2026-11-21T04:00:01.5Z" ${row.text}` : row.text
	const first = 'time="2026-11-21T04:00:01.2Z" level=info msg="starting containerd" version=v2.1.5-k3s1'
	const log = `${first}\n${line}\n`
	const word = error('Shutdown request received: "containerd exited: exit status 1"')
	const more = {
		'files/var/lib/rancher/k3s/agent/containerd/containerd.log': `${log}${log.replaceAll('04:00:01', '04:00:13')}`,
	}
	return [ends(row.role, [word], { ...graceful, form: 'containerd.log', more })]
}

/** Once on the way of a start that becomes ready, and once after. */
function healthyStart(row: Row): Scene[] {
	const said = (second: number) =>
		segments(row.text).map(segment => [second, 'k3s', body(segment, 'info')] as Said)
	return [
		scene(row.role, 'healthy start', {}, [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', begins('v1.34.2+k3s1', row.role)],
			...said(9),
			[20, 'k3s', logrus('info', `k3s ${row.role === 'agent' ? 'agent ' : ''}is up and running`)],
			[20, 'systemd', 'Started %u - Lightweight Kubernetes.'],
			...said(45),
		]),
	]
}

const bodies = (row: Row, level: string) => segments(row.text).map(segment => body(segment, level))

const scenes: Record<string, (row: Row) => Scene[]> = {
	fatal,
	shutdown,
	klog: row => [ends(row.role, [row.text], { version: 'v1.35.1+k3s1', status: '255/EXCEPTION' })],
	kubeletdies: row => [ends(row.role, [row.text], { version: 'v1.36.2+k3s1' })],
	panic: row => [
		ends(row.role, segments(row.text), { version: 'v1.30.6+k3s1', status: '2/INVALIDARGUMENT' }),
	],
	zap: row => [ends(row.role, [zap('fatal', row.text)], { version: 'v1.31.9+k3s1' })],
	exec: notExecuted,
	wait: row => [waits(row.role, bodies(row, 'info'))],
	silent: silence,
	runs: row => [keepsSaying(row.role, bodies(row, 'error'))],
	zapruns: row => [keepsSaying(row.role, [zap('warn', row.text)], {}, 40)],
	containerd: inContainerdLog,
	noise: healthyStart,
}

export function scenesOf(row: Row): Scene[] {
	const state = row.place.startsWith('state:') ? stateScenes[row.place.slice(6)] : undefined
	const build = state ?? scenes[row.place] ?? clusterScenes[row.place]
	if (!build) throw new Error(`${row.file}: no scene for ${row.place}`)
	return build(row)
}
