/** The state of the k3s service, drawn from the unit, the journal, the processes and the files together. */
import type { Evidence, Message, ServiceEvidence, ServiceState, Start } from '../model/evidence/index.js'
import { nowOf, presence } from '../model/lookup.js'
import { hasFailed } from './journal/current.js'

/** A start on a slow board takes this long without being ill. Seconds. */
const patience = 180
/** Every start waits for its own API server: so many rounds, so many seconds are nothing. */
const normalRounds = 3
const normalWait = 15

export function serviceOf(evidence: Evidence): ServiceEvidence {
	const { units, journal } = evidence
	const own = units?.own
	const newest = journal?.newest
	const now = nowOf(evidence)
	const failedStart = journal?.current.find(hasFailed)
	const ageSeconds = newest && !newest.end ? Math.max(0, (now - newest.beganAt) / 1000) : undefined
	const state =
		own && own.loadState !== '' ? byUnit(evidence, failedStart, ageSeconds) : byTraces(evidence, failedStart)
	const restarts = Math.max(own?.restarts ?? 0, failedRestarts(journal?.current))
	const since = sinceOf(evidence, state)
	const troubled = state !== 'running' && state !== 'stopped' && state !== 'not-installed'
	const lastWord = troubled ? lastWordOf(failedStart, newest) : undefined
	return {
		state,
		restarts,
		...(since !== undefined && { since }),
		...(ageSeconds !== undefined && { ageSeconds }),
		...(failedStart && troubled && { failedStart }),
		...(lastWord && { lastWord }),
	}
}

function lastWordOf(failedStart: Start | undefined, newest: Start | undefined): Message | undefined {
	return failedStart?.end?.lastWord ?? newest?.waiting?.message
}

function failedRestarts(current: readonly Start[] | undefined): number {
	return current?.filter(hasFailed).length ?? 0
}

function byUnit(
	evidence: Evidence,
	failedStart: Start | undefined,
	ageSeconds: number | undefined,
): ServiceState {
	const own = evidence.units?.own
	if (!own) return 'unknown'
	switch (own.activeState) {
		case 'active':
		case 'reloading':
		case 'refreshing':
			return 'running'
		case 'activating':
			if (own.subState.startsWith('auto-restart')) return 'crash-looping'
			if (failedStart) return 'crash-looping'
			return startingOr(evidence, ageSeconds)
		case 'failed':
			return wasStopped(evidence) ? 'stopped' : 'failed'
		case 'inactive':
			if (own.loadState === 'not-found')
				return isInstalled(evidence) === false ? 'not-installed' : byTraces(evidence, failedStart)
			return 'stopped'
		case 'deactivating':
			return failedStart ? 'crash-looping' : 'stopped'
		default:
			return 'unknown'
	}
}

/** k3s before v1.20 answers a stop with exit status 1, and one that does not end in time is killed: both were asked for. */
function wasStopped({ units, journal }: Evidence): boolean {
	const newest = journal?.newest
	return (
		newest?.end?.how === 'stopped' &&
		newest.readyAt !== undefined &&
		/^(?:exit-code|timeout|signal)$/.test(units?.own?.result ?? '')
	)
}

/** Young and quiet: starting. Old, or repeating why it waits: hanging. */
function startingOr(evidence: Evidence, ageSeconds: number | undefined): ServiceState {
	const own = evidence.units?.own
	const began = own?.startedAt
	const age = ageSeconds ?? (began === undefined ? undefined : (nowOf(evidence) - began) / 1000)
	if (age === undefined) return 'unknown'
	return age > patience ? 'hanging' : 'starting'
}

function isInstalled(evidence: Evidence): boolean | undefined {
	const { files, node } = evidence
	if (!files) return undefined
	const traces = [
		'/usr/local/bin/k3s',
		'/opt/bin/k3s',
		'/usr/bin/k3s',
		`${node.dataDir}/server`,
		`${node.dataDir}/agent`,
		`/etc/systemd/system/${node.unit}`,
	].map(path => presence(files, path))
	if (traces.includes('present')) return true
	return traces.includes('absent') ? false : undefined
}

/** `/usr/local/bin/k3s server --flag`, or the name that k3s gives itself; not `k3s-doctor`. */
const k3sProcess =
	/^(?:\S*\/)?k3s(?:-server|-agent)?(?: (?:server|agent)(?: |$)|$)|^(?:\S*\/)?k3s-(?:server|agent)(?: |$)/

/** Without a service manager's answer: processes, the journal, the files. */
function byTraces(evidence: Evidence, failedStart: Start | undefined): ServiceState {
	const { processes, journal } = evidence
	const running = processes?.some(({ args }) => k3sProcess.test(args))
	const newest = journal?.newest
	if (running === false) {
		if (failedStart) return 'crash-looping'
		return isInstalled(evidence) === false ? 'not-installed' : 'stopped'
	}
	if (!newest) {
		if (running) return isSilent(evidence) ? 'unknown' : 'running'
		return isInstalled(evidence) === false ? 'not-installed' : 'unknown'
	}
	// A bare log: the log is all there is, so its last start speaks for the service.
	if (newest.end && hasFailed(newest))
		return failedStart && failedStart !== newest ? 'crash-looping' : 'failed'
	if (newest.end) return 'stopped'
	if (newest.readyAt !== undefined || isAtWork(newest)) return 'running'
	if (failedStart) return 'crash-looping'
	const waits = newest.waiting?.message
	const waited = waits && (waits.count > normalRounds || waits.lastAt - waits.firstAt > normalWait * 1000)
	return waited || (newest.lastAt - newest.beganAt) / 1000 > patience ? 'hanging' : 'starting'
}

/**
 * What only those parts say that work once k3s is up: the kubelet on its pods, kube-proxy on its rules, the API server on
 * requests.
 */
const ofWork =
	/\b(?:pod_workers|remote_runtime|remote_image|kuberuntime_\w{1,30}|kubelet_pods|eviction_manager|image_gc_manager|pod_container_deletor|nestedpendingoperations|operation_generator|reconciler(?:_common)?|prober|proxier|dispatcher|available_controller|upgradeaware|status)\.go:\d|Remotedialer proxy error; reconnecting|failed to find Session for client/

/** Of a log whose beginning is cut off nobody sees whether k3s came up. */
function isAtWork({ truncated, waiting, messages }: Start): boolean {
	return truncated && !waiting && messages.some(({ lastQuote }) => ofWork.test(lastQuote.text))
}

/** A process alone says little: k3s waits for its server, its token or its database with nothing else running. */
function isSilent({ api, runtime }: Evidence): boolean {
	return api?.answered !== true && runtime?.answered !== true && (api ?? runtime) !== undefined
}

function sinceOf(evidence: Evidence, state: ServiceState): number | undefined {
	const { units, journal } = evidence
	if (state === 'running') return units?.own?.activeAt ?? journal?.newest?.readyAt ?? journal?.newest?.beganAt
	if (state === 'stopped') return units?.own?.inactiveAt
	if (state === 'starting') return journal?.newest?.beganAt
	return journal?.current.at(-1)?.beganAt
}
