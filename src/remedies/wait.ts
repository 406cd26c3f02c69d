/** Waits until a condition holds, telling what it sees meanwhile. */
import type { Host } from '../host/host.js'
import type { Init } from '../model/bundle.js'
import type { WaitCondition } from '../model/remedy.js'
import type { Machine } from './look-around.js'

const everyMs = 1000
/** One or two failed starts may have their reason in what was just stopped; so many do not. */
const hopelessRestarts = 5

export interface Waited {
	held: boolean
	/** It can no longer come true by waiting, or the operator broke it off. */
	gaveUp: boolean
	/** What was seen last. */
	sees: string
	ms: number
}

/** One look: whether it holds, what was seen, and whether waiting on is in vain. */
interface Sight {
	holds: boolean
	sees: string
	never?: boolean
	/** How often systemd has restarted the unit by itself. */
	restarts?: number
}

export async function waitFor(
	condition: WaitCondition,
	limitSeconds: number,
	{ host, clock }: Pick<Machine, 'host' | 'clock'>,
	init: Init,
	how: {
		kill: AbortSignal
		/** Nobody wants to wait any longer. */
		stopped: () => boolean
		onProgress: (says: string, elapsedMs: number) => void
	},
): Promise<Waited> {
	const began = clock.now()
	let restarts: number | undefined
	for (;;) {
		const sight = await look(condition, host, init)
		const ms = clock.now() - began
		const over = ms >= limitSeconds * 1000
		if (sight.holds) return { held: true, gaveUp: false, sees: sight.sees, ms }
		restarts ??= sight.restarts
		const failed = (sight.restarts ?? 0) - (restarts ?? 0)
		const hopeless = sight.never === true || failed >= hopelessRestarts
		if (hopeless || how.kill.aborted || how.stopped() || over) {
			const sees = failed > 0 ? `${sight.sees}, and failed ${failed} times meanwhile` : sight.sees
			return { held: false, gaveUp: !over, sees, ms }
		}
		how.onProgress(sight.sees, ms)
		await clock.wait(Math.min(everyMs, limitSeconds * 1000 - ms), how.kill)
	}
}

async function look(condition: WaitCondition, host: Host, init: Init): Promise<Sight> {
	if ('unitActive' in condition) return unit(condition.unitActive, true, host, init)
	if ('unitInactive' in condition) return unit(condition.unitInactive, false, host, init)
	if ('portOpen' in condition) {
		const { result } = await host.dial(condition.portOpen.host, condition.portOpen.port)
		return { holds: result === 'open', sees: `the port is ${result}` }
	}
	if ('pathExists' in condition) {
		const found = await host.stat(condition.pathExists)
		return { holds: found.ok, sees: found.ok ? 'it is there' : 'it is not there yet' }
	}
	if ('nodeReady' in condition) return node(condition.nodeReady, host)
	const answer = await host.kube('/readyz')
	if (!answer.ok) return { holds: false, sees: answer.unavailable.detail }
	return { holds: answer.value.status === 200, sees: `/readyz answers ${answer.value.status}` }
}

async function unit(name: string, wanted: boolean, host: Host, init: Init): Promise<Sight> {
	if (init === 'openrc') {
		const answer = await host.run(['rc-service', name.replace(/\.service$/, ''), 'status'])
		const started = answer.ok && answer.value.exit === 0
		return { holds: answer.ok && started === wanted, sees: started ? 'started' : 'not started' }
	}
	const answer = await host.run([
		'systemctl',
		'show',
		'--property=ActiveState,SubState,Job,NRestarts',
		'--',
		name,
	])
	if (!answer.ok) return { holds: false, sees: answer.unavailable.detail }
	const active = /^ActiveState=(.*)$/m.exec(answer.value.stdout)?.[1] ?? ''
	const sub = /^SubState=(.*)$/m.exec(answer.value.stdout)?.[1] ?? ''
	const sees = `${name} is ${active} (${sub})`
	if (!wanted) return { holds: active === 'inactive' || active === 'failed', sees }
	// A restart that was only queued leaves the old process active for a moment.
	if (/^Job=[1-9]/m.test(answer.value.stdout)) return { holds: false, sees }
	const restarts = Number(/^NRestarts=(\d+)$/m.exec(answer.value.stdout)?.[1] ?? 0)
	// With Restart=always systemd tries again by itself; a unit that is failed waits for somebody.
	return { holds: active === 'active', sees, never: active === 'failed', restarts }
}

async function node(name: string, host: Host): Promise<Sight> {
	const answer = await host.kube(`/api/v1/nodes/${encodeURIComponent(name)}`)
	if (!answer.ok) return { holds: false, sees: answer.unavailable.detail }
	if (answer.value.status !== 200) return { holds: false, sees: `the API answers ${answer.value.status}` }
	const status = readyOf(answer.value.body)
	return { holds: status === 'True', sees: `Ready is ${status ?? 'not told'}` }
}

function readyOf(body: string): string | undefined {
	try {
		const conditions: unknown = JSON.parse(body)?.status?.conditions
		const ready = Array.isArray(conditions) ? conditions.find(each => each?.type === 'Ready') : undefined
		return typeof ready?.status === 'string' ? ready.status : undefined
	} catch {
		return undefined
	}
}
