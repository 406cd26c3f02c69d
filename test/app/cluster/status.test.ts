/** States of pods in kubectl's words; each row is a pod's spec and status as the API gives them. */
import { describe, expect, it } from 'vitest'
import { age } from '../../../src/app/cluster/age.js'
import { isWell, podStatus } from '../../../src/app/cluster/status.js'
import { kubePod } from '../../../src/sources/cluster/pods.js'

type Fields = Record<string, unknown>

const running = { running: { startedAt: '2026-11-21T04:00:00Z' } }
const waiting = (reason?: string) => ({ waiting: reason ? { reason } : {} })
const ended = (exitCode: number, reason?: string, more: Fields = {}) => ({
	terminated: { exitCode, ...(reason && { reason }), ...more },
})
const container = (name: string, state: Fields, more: Fields = {}) => ({
	name,
	state,
	ready: 'running' in state,
	restartCount: 0,
	...more,
})
const True = (type: string) => ({ type, status: 'True' })

interface Case {
	says: string
	status: Fields
	spec?: Fields
	metadata?: Fields
	words: string
	ready: string
	well?: true
}

const one = { containers: [{ name: 'a' }] }
const two = { containers: [{ name: 'a' }, { name: 'b' }] }
const withInit = { ...one, initContainers: [{ name: 'i' }, { name: 'j' }] }
const withSidecar = { ...one, initContainers: [{ name: 'i', restartPolicy: 'Always' }] }
const deleted = { deletionTimestamp: '2026-11-21T04:05:00Z' }

const cases: Case[] = [
	{
		says: 'runs',
		spec: one,
		status: { phase: 'Running', containerStatuses: [container('a', running)] },
		words: 'Running',
		ready: '1/1',
		well: true,
	},
	{
		says: 'runs, not ready',
		spec: one,
		status: { phase: 'Running', containerStatuses: [container('a', running, { ready: false })] },
		words: 'Running',
		ready: '0/1',
	},
	{ says: 'waits for a node', spec: one, status: { phase: 'Pending' }, words: 'Pending', ready: '0/1' },
	{
		says: 'is held back by a gate',
		spec: one,
		status: {
			phase: 'Pending',
			conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
		},
		words: 'SchedulingGated',
		ready: '0/1',
	},
	{
		says: 'cannot pull',
		spec: one,
		status: { phase: 'Pending', containerStatuses: [container('a', waiting('ImagePullBackOff'))] },
		words: 'ImagePullBackOff',
		ready: '0/1',
	},
	{
		says: 'is being made',
		spec: one,
		status: { phase: 'Pending', containerStatuses: [container('a', waiting('ContainerCreating'))] },
		words: 'ContainerCreating',
		ready: '0/1',
	},
	{
		says: 'crashes',
		spec: one,
		status: {
			phase: 'Running',
			containerStatuses: [container('a', waiting('CrashLoopBackOff'), { restartCount: 4 })],
		},
		words: 'CrashLoopBackOff',
		ready: '0/1',
	},
	{
		says: 'ran out of memory',
		spec: one,
		status: { phase: 'Running', containerStatuses: [container('a', ended(137, 'OOMKilled'))] },
		words: 'OOMKilled',
		ready: '0/1',
	},
	{
		says: 'failed',
		spec: one,
		status: { phase: 'Failed', containerStatuses: [container('a', ended(1, 'Error'))] },
		words: 'Error',
		ready: '0/1',
	},
	{
		says: 'failed without a reason',
		spec: one,
		status: { phase: 'Failed', containerStatuses: [container('a', ended(3))] },
		words: 'ExitCode:3',
		ready: '0/1',
	},
	{
		says: 'was killed without a reason',
		spec: one,
		status: { phase: 'Failed', containerStatuses: [container('a', ended(0, undefined, { signal: 9 }))] },
		words: 'Signal:9',
		ready: '0/1',
	},
	{
		says: 'is done',
		spec: one,
		status: { phase: 'Succeeded', containerStatuses: [container('a', ended(0, 'Completed'))] },
		words: 'Completed',
		ready: '0/1',
		well: true,
	},
	{
		says: 'is half done and ready',
		spec: two,
		status: {
			phase: 'Running',
			conditions: [True('Ready')],
			containerStatuses: [container('a', ended(0, 'Completed')), container('b', running)],
		},
		words: 'Running',
		ready: '1/2',
	},
	{
		says: 'is half done and not ready',
		spec: two,
		status: {
			phase: 'Running',
			containerStatuses: [container('a', ended(0, 'Completed')), container('b', running)],
		},
		words: 'NotReady',
		ready: '1/2',
	},
	{
		says: 'has one that crashes: the first speaks last',
		spec: two,
		status: {
			phase: 'Running',
			containerStatuses: [container('a', waiting('CrashLoopBackOff')), container('b', ended(0, 'Completed'))],
		},
		words: 'CrashLoopBackOff',
		ready: '0/2',
	},
	{
		says: 'was evicted',
		spec: one,
		status: { phase: 'Failed', reason: 'Evicted' },
		words: 'Evicted',
		ready: '0/1',
	},
	{
		says: 'begins with the first init container',
		spec: withInit,
		status: {
			phase: 'Pending',
			initContainerStatuses: [container('i', running), container('j', waiting('PodInitializing'))],
			containerStatuses: [container('a', waiting('PodInitializing'))],
		},
		words: 'Init:0/2',
		ready: '0/1',
	},
	{
		says: 'has one init container behind it',
		spec: withInit,
		status: {
			phase: 'Pending',
			initContainerStatuses: [container('i', ended(0, 'Completed')), container('j', running)],
		},
		words: 'Init:1/2',
		ready: '0/1',
	},
	{
		says: 'has an init container that crashes',
		spec: withInit,
		status: { phase: 'Pending', initContainerStatuses: [container('i', waiting('CrashLoopBackOff'))] },
		words: 'Init:CrashLoopBackOff',
		ready: '0/1',
	},
	{
		says: 'has an init container that failed',
		spec: withInit,
		status: { phase: 'Pending', initContainerStatuses: [container('i', ended(2, 'Error'))] },
		words: 'Init:Error',
		ready: '0/1',
	},
	{
		says: 'has an init container that failed without a word',
		spec: withInit,
		status: { phase: 'Pending', initContainerStatuses: [container('i', ended(2))] },
		words: 'Init:ExitCode:2',
		ready: '0/1',
	},
	{
		says: 'has all init containers behind it',
		spec: withInit,
		status: {
			phase: 'Pending',
			initContainerStatuses: [container('i', ended(0)), container('j', ended(0))],
			containerStatuses: [container('a', waiting('PodInitializing'))],
		},
		words: 'PodInitializing',
		ready: '0/1',
	},
	{
		says: 'has a sidecar that runs',
		spec: withSidecar,
		status: {
			phase: 'Running',
			conditions: [True('Initialized'), True('Ready')],
			initContainerStatuses: [container('i', running, { started: true })],
			containerStatuses: [container('a', running)],
		},
		words: 'Running',
		ready: '2/2',
		well: true,
	},
	{
		says: 'has a sidecar that has not started',
		spec: withSidecar,
		status: {
			phase: 'Pending',
			initContainerStatuses: [container('i', waiting('ImagePullBackOff'), { started: false })],
		},
		words: 'Init:ImagePullBackOff',
		ready: '0/2',
	},
	{
		says: 'is being deleted',
		spec: one,
		metadata: deleted,
		status: { phase: 'Running', containerStatuses: [container('a', running)] },
		words: 'Terminating',
		ready: '1/1',
	},
	{
		says: 'is being deleted when it is done',
		spec: one,
		metadata: deleted,
		status: { phase: 'Succeeded', containerStatuses: [container('a', ended(0, 'Completed'))] },
		words: 'Completed',
		ready: '0/1',
		well: true,
	},
	{
		says: 'is on a node that is lost',
		spec: one,
		metadata: deleted,
		status: { phase: 'Running', reason: 'NodeLost', containerStatuses: [container('a', running)] },
		words: 'Unknown',
		ready: '1/1',
	},
	{
		says: 'has a container for debugging',
		spec: { ...one, ephemeralContainers: [{ name: 'd' }] },
		status: {
			phase: 'Running',
			containerStatuses: [container('a', running)],
			ephemeralContainerStatuses: [container('d', ended(1, 'Error'))],
		},
		words: 'Running',
		ready: '1/1',
		well: true,
	},
	{ says: 'says nothing at all', status: {}, words: 'Unknown', ready: '0/0' },
]

describe('a pod that', () => {
	it.each(cases)('$says: $words $ready', ({ spec = {}, status, metadata = {}, words, ready, well }) => {
		const told = podStatus(kubePod({ metadata: { name: 'p', ...metadata }, spec, status }))
		expect(`${told.status} ${told.ready}/${told.wanted}`).toBe(`${words} ${ready}`)
		expect(isWell(told)).toBe(well === true)
	})
})

it('restarts are counted with the time of the last one; those of init containers no longer, once they are done', () => {
	const before = { lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-21T04:00:00Z' } } }
	const inits = [container('i', ended(0), { restartCount: 5 })]
	const pod = (status: Fields) =>
		podStatus(kubePod({ metadata: {}, spec: { ...one, initContainers: [{ name: 'i' }] }, status }))
	expect(
		pod({
			phase: 'Pending',
			initContainerStatuses: [container('i', waiting('CrashLoopBackOff'), { restartCount: 5, ...before })],
		}),
	).toMatchObject({ restarts: 5, restartedAt: Date.parse('2026-11-21T04:00:00Z') })
	expect(
		pod({
			phase: 'Running',
			initContainerStatuses: inits,
			containerStatuses: [container('a', running, { restartCount: 2, ...before })],
		}),
	).toMatchObject({ restarts: 2 })
})

it.each([
	[0, '0s'],
	[119, '119s'],
	[120, '2m'],
	[185, '3m5s'],
	[600, '10m'],
	[3 * 3600 - 1, '179m'],
	[3 * 3600, '3h'],
	[5 * 3600 + 180, '5h3m'],
	[31 * 3600, '31h'],
	[2 * 86400 + 4 * 3600, '2d4h'],
	[45 * 86400, '45d'],
	[800 * 86400, '2y70d'],
])('%i seconds are %s', (seconds, words) => {
	expect(age(1_000_000, 1_000_000 + seconds * 1000)).toBe(words)
})
