/** The same node lists the same pods, whoever tells of them: the API, crictl, or the files of the kubelet. */
import { describe, expect, it } from 'vitest'
import { podRows } from '../../../src/app/cluster/pods.js'
import { sightOf } from '../../../src/app/cluster/sight.js'
import type { Subject } from '../../../src/app/subject.js'
import type { Bundle } from '../../../src/model/bundle.js'
import { judge } from '../../judge.js'
import { openRecording } from '../../recording.js'

/** Servers whose API, runtime and files tell of the same moment. */
const nodes = [
	'healthy-server',
	'pod-crashloop',
	'pod-oom',
	'ha-healthy',
	'agent-healthy',
	'dns-upstream-dead',
	'images-missing',
	'helm-no-image',
]

function without(bundle: Bundle, ...parts: string[]): Bundle {
	const gone = (file: string) => parts.some(part => file.startsWith(part))
	return {
		...bundle,
		files: new Map([...bundle.files].filter(([file]) => !gone(file))),
		entries: bundle.entries.filter(({ file }) => !gone(file)),
	}
}

function seen(subject: Subject) {
	const sight = sightOf({ subject })
	if (!sight) throw new Error('nothing is seen')
	const rows = podRows(sight, '').filter(({ node }) => node === sight.node)
	return { by: sight.by, pods: rows.map(({ namespace, name, uid }) => `${namespace}/${name} ${uid}`), rows }
}

describe.each(nodes)('%s', name => {
	it('has the same pods, as often restarted, with its API, without it, and without its runtime', async () => {
		const bundle = await openRecording(name)
		const api = seen(judge(bundle))
		const runtime = seen(judge(without(bundle, 'api/')))
		const files = seen(judge(without(bundle, 'api/', 'crictl/')))
		expect([api.by, runtime.by, files.by]).toEqual(['api', 'runtime', 'files'])
		expect(api.pods.length).toBeGreaterThan(0)
		expect(runtime.pods).toEqual(api.pods)
		expect(files.pods).toEqual(api.pods)
		const restarts = ({ rows }: ReturnType<typeof seen>) => rows.map(row => row.restarts)
		expect(restarts(runtime)).toEqual(restarts(api))
	})
})

it('nobody speaks where there is nothing', async () => {
	const bundle = await openRecording('healthy-server')
	const bare = without(bundle, 'api/', 'crictl/', 'files/var/log/', 'commands/files.tsv')
	expect(seen(judge(bare))).toMatchObject({ by: 'nowhere', pods: [] })
})
