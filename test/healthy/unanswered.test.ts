/** Healthy nodes of which one kind of answer is missing: no alarm is raised, and nobody says healthy without having looked. */
import { describe, expect, it } from 'vitest'
import type { Bundle, Entry } from '../../src/model/bundle.js'
import { judge } from '../judge.js'
import { openRecording, recordingNames, truthOf } from '../recording.js'

const kinds: Readonly<Record<string, RegExp>> = {
	'the journal': /^journal\/k3s/,
	systemctl: /^commands\/systemctl/,
	'the journal and systemctl': /^journal\/k3s|^commands\/systemctl/,
	'the Kubernetes API': /^api\//,
	'the container runtime': /^crictl\//,
	'the API and the runtime': /^(?:api|crictl)\//,
	'the list of files': /^commands\/files\.tsv/,
	certificates: /\.crt$/,
	configuration: /^files\/etc\/rancher/,
	'unit files': /^files\/etc\/systemd/,
	probes: /^probes\//,
	sockets: /^commands\/ss-/,
	addresses: /^commands\/ip-/,
	clocks: /^commands\/(?:timedatectl|date|chrony)/,
	processes: /^commands\/ps\./,
	disks: /^commands\/(?:df|findmnt)/,
	'the kernel': /^files\/proc|^commands\/sysctl/,
	'logs of containers': /^files\/var\/log\/pods/,
	'all that needs root':
		/^(?:journal|crictl|api)\/|\.crt$|^files\/etc\/rancher|\/server\/|^commands\/(?:ss-|iptables|ip6tables|nft)/,
	'everything but the journal': /^(?!journal\/k3s|bundle)/,
}

/** `gone`: nobody asked; `timeout`: asked in vain. */
function without(bundle: Bundle, lost: RegExp, how: 'gone' | 'timeout'): Bundle {
	const unanswered = ({ exit: _exit, ...entry }: Entry): Entry => ({ ...entry, why: 'timeout' })
	return {
		...bundle,
		files: new Map([...bundle.files].filter(([file]) => !lost.test(file))),
		entries: bundle.entries.flatMap(entry =>
			!lost.test(entry.file) ? [entry] : how === 'gone' ? [] : [unanswered(entry)],
		),
	}
}

const healthy = recordingNames().filter(name => truthOf(name).cause === null)
/** Without these one has not seen what k3s says, or what runs on it. */
const needed = new Set([
	'the journal',
	'the journal and systemctl',
	'the API and the runtime',
	'all that needs root',
])

describe('a healthy node without an answer about', () => {
	for (const [kind, lost] of Object.entries(kinds)) {
		it(kind, async () => {
			for (const name of healthy) {
				const { also } = truthOf(name)
				for (const how of ['gone', 'timeout'] as const) {
					const { report } = judge(without(await openRecording(name), lost, how))
					const alarms = report.diagnoses.filter(
						({ confidence, cause }) => confidence !== 'possible' && !also.includes(cause),
					)
					const about = `${name}, ${how}`
					expect(alarms.map(({ cause, confidence }) => `${about}: ${cause} ${confidence}`)).toEqual([])
					expect(report.crashed, about).toEqual([])
					if (needed.has(kind)) expect(report.verdict, about).not.toBe('healthy')
				}
			}
		})
	}
})

describe('a server whose API was not asked', () => {
	it('is never healthy: a drained node looks the same from outside', async () => {
		const { report } = judge(without(await openRecording('node-cordoned'), /^api\//, 'timeout'))
		expect(report.verdict).toBe('not-examined')
		expect(report.summary).toContain('Kubernetes API')
	})
})

describe('a node that was stopped', () => {
	it('has nothing else wrong for what was said while it stopped', async () => {
		const { report } = judge(await openRecording('service-stopped-disabled'))
		const causes = report.diagnoses.filter(({ confidence }) => confidence !== 'possible')
		expect(causes.map(({ cause }) => cause)).toEqual(['service-disabled', 'service-stopped'])
	})
})
