import type { Bundle } from '../model/bundle.js'
import { answer } from '../model/bundle.js'
import type { RuntimeEvidence } from '../model/evidence/index.js'
import { json, optional } from './field.js'
import { type CrictlFile, crictlCommand, crictlError, questions, runtimeSocket } from './runtime/crictl.js'
import * as lists from './runtime/lists.js'
import { type Ask, source } from './source.js'

const asked = Object.entries(questions).map(([file, words]) => ({ file, words }))

/** Beside the own limit of crictl (5 s): it may hang before it gets to look at it. */
const limitSeconds = 8

const optionalFiles = new Set(['crictl/version.txt', 'crictl/imagefsinfo.json'])

export const runtime = source({
	name: 'runtime',
	title: 'container runtime',
	wants: () =>
		asked.map(({ file, words }) => ({
			file,
			askFor: ['k3s', 'crictl', ...words].join(' '),
			optional: optionalFiles.has(file),
		})),
	collect,
	parse,
})

async function collect(ask: Ask): Promise<void> {
	const socket = await runtimeSocket(ask.host, ask.node)
	const [command, ...first] = await crictlCommand(ask.host, ask.node, socket)
	const found = await ask.host.stat(socket)
	// Older crictls wait for a socket that is not there until their time is up.
	const missing = !found.ok && found.unavailable.why === 'absent'
	await Promise.all(
		asked.map(async ({ file, words }) => {
			const argv = [command, ...first, ...words] as const
			if (missing && ask.skip) ask.skip(file, 'absent', `${socket}: no such file or directory`, argv)
			else await ask.run(file, argv, { limitSeconds })
		}),
	)
}

const listNames = ['conditions', 'pods', 'containers', 'images'] as const

function parse(bundle: Bundle): RuntimeEvidence | undefined {
	const parsed = (file: CrictlFile) => json(answer(bundle, file))
	const entries = bundle.entries.filter(entry => entry.file.startsWith('crictl/'))
	const info = parsed('crictl/info.json')
	const conditions = lists.runtimeConditions(info)
	const pods = lists.runtimePods(parsed('crictl/pods.json'))
	const containers = lists.runtimeContainers(parsed('crictl/ps.json'))
	const images = lists.runtimeImages(parsed('crictl/images.json'))
	const version = lists.runtimeVersion(answer(bundle, 'crictl/version.txt'))
	const parts = { conditions, pods, containers, images }
	const answered = version !== undefined || Object.values(parts).some(part => part !== undefined)
	if (!answered && !entries.length) return undefined
	const unanswered = listNames.filter(name => !parts[name])
	return {
		answered,
		...optional('version', version),
		conditions: conditions ?? [],
		pods: pods ?? [],
		containers: containers ?? [],
		images: images ?? [],
		...optional('unanswered', answered && unanswered.length ? unanswered : undefined),
		...optional('cniProblem', lists.cniProblem(info)),
		...optional('error', answered ? undefined : entries.map(crictlError).find(said => said)),
	}
}
