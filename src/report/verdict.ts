/** The state of the node in a word and a sentence. Never "healthy" when one could not look. */
import type { Diagnosis, Judgement } from '../model/diagnosis.js'
import type { Evidence, ServiceState } from '../model/evidence/index.js'
import type { Verdict } from '../model/report.js'

export interface State {
	verdict: Verdict
	summary: string
}

const unwell: Partial<Record<ServiceState, string>> = {
	'not-installed': 'k3s is not installed on this host',
	stopped: 'k3s is stopped',
	'crash-looping': 'k3s starts, fails and is started again',
	hanging: 'k3s started but does not get ready',
	failed: 'k3s has failed and is not being restarted',
}

export function judgeState(evidence: Evidence, { diagnoses, gaps }: Judgement): State {
	const service = evidence.service?.state ?? 'unknown'
	const roots = diagnoses.filter(({ explainedBy, confidence }) => !explainedBy && confidence !== 'possible')
	const shown = diagnoses.filter(({ confidence }) => confidence !== 'possible')
	const down = shown.filter(diagnosis => effectOf(diagnosis) === 'down')
	const blind = gaps.filter(({ matters }) => matters)
	// A log alone does not tell what systemd does after its last line.
	const trouble = service === 'failed' && !evidence.units?.own ? 'k3s has failed' : unwell[service]

	// The state itself is the diagnosis: saying it twice explains nothing.
	const said = roots[0]?.cause === 'k3s-not-installed' || roots[0]?.cause === 'service-stopped'
	if (trouble) return { verdict: 'down', summary: said ? trouble : withRoot(trouble, roots[0]) }
	if (down.length > 0) {
		const running = service === 'running' ? 'k3s runs, but this node does not work' : 'k3s does not get ready'
		return {
			verdict: 'down',
			summary: withRoot(service === 'unknown' ? 'This node does not work' : running, roots[0]),
		}
	}
	if (service === 'starting' && evidence.journal) {
		const seconds = Math.round(evidence.service?.ageSeconds ?? 0)
		return {
			verdict: 'starting',
			summary: `k3s has been starting for ${seconds} s and nothing speaks against it`,
		}
	}
	if (service === 'unknown' || (blind.length > 0 && roots.length === 0)) {
		const why = blind[0] ? `: ${blind[0].detail}` : ''
		return {
			verdict: 'not-examined',
			summary: `${service === 'running' ? 'k3s runs, but whether it works could not be seen' : 'The state of k3s could not be seen'}${why}`,
		}
	}
	if (service === 'starting') {
		const summary = 'k3s has been starting, and what it says could not be read'
		return { verdict: 'not-examined', summary }
	}
	const degraded = roots.filter(diagnosis => effectOf(diagnosis) === 'degraded')
	if (degraded[0]) {
		return { verdict: 'degraded', summary: withRoot('k3s runs, with trouble', degraded[0], degraded.length) }
	}
	const symptom = symptomOf(evidence)
	if (symptom) return { verdict: 'degraded', summary: `k3s runs, but ${symptom}; no known cause was found` }
	if (roots[0]) return { verdict: 'at-risk', summary: withRoot('k3s runs', roots[0], roots.length) }
	if (isYoung(evidence) && notReady(evidence))
		return { verdict: 'starting', summary: `k3s runs, ${notReady(evidence)} yet` }
	const unseen = unseenOf(evidence)
	if (unseen) return { verdict: 'not-examined', summary: `k3s runs and nothing was found, but ${unseen}` }
	return { verdict: 'healthy', summary: 'k3s runs and nothing was found' }
}

const effects = { critical: 'down', warning: 'degraded', info: 'at-risk' } as const

function effectOf({ effect, severity }: Diagnosis): 'down' | 'degraded' | 'at-risk' {
	return effect ?? effects[severity]
}

/** What is plainly not well although no rule knows why. */
function symptomOf(evidence: Evidence): string | undefined {
	if (isYoung(evidence)) return undefined
	const { api, node } = evidence
	if (node.role === 'server' && node.root && api) {
		if (!api.answered) return 'its API server does not answer'
		if (api.readyz && !api.readyz.ok)
			return `its API server is not ready (${api.readyz.failed.slice(0, 3).join(', ')})`
	}
	const unready = notReady(evidence)
	return unready && `${unready} (${readyOf(evidence)?.reason || readyOf(evidence)?.status})`
}

function isYoung({ kernel, service }: Evidence): boolean {
	return (
		(service?.ageSeconds ?? Number.POSITIVE_INFINITY) < 60 ||
		(kernel?.uptimeSeconds ?? Number.POSITIVE_INFINITY) < 60
	)
}

const readyOf = ({ cluster }: Evidence) => cluster?.self?.conditions.find(({ type }) => type === 'Ready')

function notReady(evidence: Evidence): string | undefined {
	const ready = readyOf(evidence)
	return ready && ready.status !== 'True' ? 'the node is not Ready' : undefined
}

/** Without these a node may look well and be anything but: what k3s says, and what runs on it. */
function unseenOf({ journal, cluster, runtime, node }: Evidence): string | undefined {
	if (!journal) return 'its journal could not be read'
	if (cluster?.pods) return undefined
	if (node.role === 'server') return 'the Kubernetes API told nothing of its pods'
	return runtime?.answered
		? undefined
		: 'neither the Kubernetes API nor the container runtime told of its pods'
}

function withRoot(state: string, root: Diagnosis | undefined, among = 1): string {
	if (!root) return `${state}; no known cause was found`
	const more = among > 1 ? ` (and ${among - 1} more)` : ''
	if (root.cause === 'unknown-fatal') return `${state}; what it says last matches no known cause`
	const surely = root.confidence === 'certain' ? '' : 'probably '
	return `${state}: ${surely}${root.title.charAt(0).toLowerCase() === root.title.charAt(0) ? root.title : lower(root.title)}${more}`
}

/** `The disk is full` -> `the disk is full`, but `DNS …` and `CoreDNS …` stay. */
function lower(title: string): string {
	return /^[A-Z][a-z]*( |$)/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}
