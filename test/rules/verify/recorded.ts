/** Verify on a recorded node that was examined: where a broken one must fail, and that a healthy one does not. */
import { expect } from 'vitest'
import { checklistFrom } from '../../../src/commands/checklist.js'
import type { Examination } from '../../../src/examine.js'
import type { Area, CauseId } from '../../../src/model/causes.js'
import { causes } from '../../../src/model/causes.js'
import type { Truth } from '../../recording.js'

/** The check that tells of causes of this area. */
const checkOf: Record<Area, string> = {
	service: 'service',
	config: 'configuration',
	host: 'host',
	network: 'network',
	dns: 'cluster-dns',
	certs: 'certificates',
	auth: 'token',
	datastore: 'datastore',
	runtime: 'runtime',
	images: 'images',
	node: 'node-ready',
	upgrade: 'version',
	workload: 'workloads',
	storage: 'storage-class',
	addons: 'system-pods',
}

const isCause = (cause: string): cause is CauseId => cause in causes

/** A line for the table; throws where verify says otherwise than the truth. */
export function verifiedRow(name: string, examination: Examination, { cause, state }: Truth): string {
	const { checks, verdict } = checklistFrom('verify', examination)
	const before = checklistFrom('preflight', examination).checks
	const crashed = [...checks, ...before].filter(({ results }) =>
		results.some(({ says }) => /itself failed/.test(says)),
	)
	expect(crashed, name).toEqual([])
	// Whoever is fit is not called unfit: a healthy node would pass preflight again.
	if (state === 'healthy')
		expect(
			before.filter(({ status }) => status === 'fail'),
			name,
		).toEqual([])
	const by = (status: string) => checks.filter(check => check.status === status).map(({ id }) => id)
	const [failed, warned, blind] = [by('fail'), by('warn'), by('not-examined')]
	if (state === 'healthy') expect(failed, `${name} is healthy`).toEqual([])
	else if (cause && isCause(cause)) {
		const { area } = causes[cause]
		// What is the servers' affair has no check of its own on an agent.
		const wanted = examination.bundle.node.role === 'agent' && area === 'dns' ? 'other' : checkOf[area]
		expect([...failed, ...warned], name).toContain(wanted)
		expect(verdict, name).not.toBe('pass')
	}
	const told = [
		['fail', failed],
		['warn', warned],
		['?', blind],
	] as const
	const parts = told.filter(([, ids]) => ids.length > 0).map(([word, ids]) => `${word}: ${ids.join(' ')}`)
	return `${name.padEnd(30)} ${(cause ?? 'healthy').padEnd(26)} ${verdict.padEnd(12)} ${parts.join('; ')}`
}
