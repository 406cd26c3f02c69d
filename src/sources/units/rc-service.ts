/** OpenRC: `rc-service k3s status` prints ` * status: started|stopped|crashed|…`. */
import type { Unit } from '../../model/evidence/index.js'

export const rcStatusFile = 'commands/rc-service-status.txt'

/** OpenRC's word in systemd's words. */
const states: Readonly<Record<string, Partial<Unit>>> = {
	// The supervisor runs; whether k3s does, or dies each five seconds, only its log tells: no load state.
	started: { activeState: 'active', loadState: '' },
	starting: { activeState: 'activating', loadState: '' },
	stopping: { activeState: 'deactivating', loadState: 'loaded' },
	stopped: { activeState: 'inactive', loadState: 'loaded' },
	inactive: { activeState: 'inactive', loadState: 'loaded' },
	crashed: { activeState: 'failed', loadState: 'loaded', result: 'exit-code' },
	unsupervised: { activeState: 'failed', loadState: 'loaded', result: 'exit-code' },
}

export function readRcStatus(id: string, text: string, stderr: string): Unit | undefined {
	const lines = text.split('\n')
	const index = lines.findIndex(line => /status: *\w/.test(line))
	const word = /status: *(\w+)/.exec(lines[index] ?? '')?.[1] ?? ''
	const missing = /service .{1,100} does not exist/.test(`${text.slice(0, 4096)}\n${stderr}`)
	const state = missing ? { activeState: 'inactive', loadState: 'not-found' } : states[word]
	if (!state) return undefined
	return {
		id,
		loadState: '',
		activeState: '',
		subState: word,
		result: '',
		unitFileState: '',
		fragmentPath: missing ? '' : `/etc/init.d/${id.replace(/\.service$/, '')}`,
		dropIns: [],
		type: '',
		restart: '',
		mainPid: 0,
		restarts: 0,
		exitCode: 0,
		exitStatus: 0,
		invocationId: '',
		environmentFiles: [],
		exec: [],
		quote: { file: rcStatusFile, line: index + 1, text: (lines[index] ?? '').slice(0, 500) },
		...state,
	}
}
