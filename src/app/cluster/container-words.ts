/** A container's state as sentences: what it does, how it ended before, what it may use. */
import type { ContainerState, KubeContainer } from '../../model/evidence/index.js'
import { utcTime } from '../../report/times.js'
import { age } from './age.js'

/** `terminated: OOMKilled, exit 137, signal 9, 2026-11-21 04:10:00 (3m ago), ran for 12s`. */
export function stateWords(state: ContainerState, now: number): string {
	const { reason, message, exitCode, signal, startedAt, finishedAt } = state
	const parts = [
		reason ? `${state.state}: ${reason}` : state.state,
		exitCode === undefined ? '' : `exit ${exitCode}${exitWords(exitCode, signal)}`,
		signal === undefined || signal === 0 ? '' : `signal ${signal}`,
		state.state === 'running' && startedAt !== undefined ? `since ${since(startedAt, now)}` : '',
		finishedAt === undefined ? '' : `ended ${since(finishedAt, now)}`,
		finishedAt !== undefined && startedAt !== undefined
			? `ran for ${age(startedAt, finishedAt) || '0s'}`
			: '',
	]
	return [parts.filter(Boolean).join(', '), message].filter(Boolean).join(': ')
}

const since = (at: number, now: number) => `${utcTime(at)} (${age(at, now)} ago)`

/** Shells and runtimes tell the signal in the exit status. */
const signals: Readonly<Record<number, string>> = {
	129: 'hangup',
	130: 'Ctrl-C',
	132: 'illegal instruction',
	134: 'aborted itself',
	135: 'bus error',
	136: 'arithmetic error',
	137: 'killed',
	139: 'segmentation fault',
	143: 'told to end',
}

function exitWords(exitCode: number, signal: number | undefined): string {
	if (signal !== undefined && signal !== 0) return ''
	if (exitCode === 126) return ' (cannot be run)'
	if (exitCode === 127) return ' (command not found)'
	return signals[exitCode] === undefined ? '' : ` (${signals[exitCode]})`
}

function amounts(all: Readonly<Record<string, string>>): string {
	return Object.entries(all)
		.map(([name, amount]) => `${name} ${amount}`)
		.join(', ')
}

/** `wants cpu 100m, memory 70Mi; at most memory 170Mi`. */
export function resourceWords({ requests, limits }: KubeContainer): string {
	const wants = amounts(requests)
	const most = amounts(limits)
	if (!wants && !most) return 'no requests and no limits'
	return [wants && `requests ${wants}`, most ? `limits ${most}` : 'no limits'].filter(Boolean).join('; ')
}
