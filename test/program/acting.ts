/**
 * The app on a made-up diagnosis, with real hands on a scratch root, as a program of its own: `node acting.js FILE`
 * writes where the root is into FILE. Its remedy stops a service, waits at a gate (a file `gate` opens it), and starts
 * the service again.
 */
import { writeFileSync } from 'node:fs'
import type { Subject } from '../../src/app/subject.js'
import type { Judgement } from '../../src/model/diagnosis.js'
import { runApp } from '../../src/program/run-app.js'
import { openSession } from '../../src/remedies/session.js'
import { diagnosis, subject } from '../app/subjects.js'
import { makeScratch, noJudgement, remedyOf } from '../remedies/scratch.js'

const scratch = makeScratch()
const unit = 'k3s.service'
scratch.setUnit(unit, 'active')
const file = scratch.put('etc/rancher/k3s/config.yaml', 'a: 1\n')
scratch.put(
	'bin/gate',
	`#!/bin/sh\necho waiting at the gate\nwhile [ ! -e '${scratch.at('gate')}' ]; do sleep 0.05; done\necho through\n`,
	0o755,
)
const mend = remedyOf(
	[
		{ edit: file, set: { a: 2 } },
		{ run: ['systemctl', 'stop', unit] },
		{ run: ['gate'] },
		{ run: ['systemctl', 'start', unit] },
		{ run: ['systemctl', 'daemon-reload'] },
	],
	{ title: 'Mend it', risk: 'restart' },
)
const broken = diagnosis('config-bad-value', { remedies: [mend] })
let judgement: Judgement = { ...noJudgement, diagnoses: [broken] }

function seen(): Subject {
	const { report, bundle } = subject([...judgement.diagnoses])
	const { node } = scratch
	return { bundle, evidence: { node }, report: { ...report, node: { ...node, addresses: [] } } }
}

const session = openSession({
	machine: scratch.machine,
	node: scratch.node,
	places: scratch.places,
	who: { user: 'ada', uid: 0 },
	mode: 'live',
	current: () => ({ evidence: { node: scratch.node }, judgement }),
	reexamine: async () => {
		judgement = scratch.text('etc/rancher/k3s/config.yaml') === 'a: 2\n' ? noJudgement : judgement
		return { judgement, starting: false }
	},
})

writeFileSync(process.argv[2] ?? '', scratch.root)
const status = await runApp({
	mode: 'live',
	from: 'this host',
	examine: async () => seen(),
	deeds: async () => ({
		plan: async wish => {
			if (wish.kind === 'remedy') return (await session.plan(wish.cause, wish.number)) ?? { why: 'none' }
			if (wish.kind === 'own') return { why: 'none' }
			const action = (await session.history()).actions.find(({ id }) => id === wish.action)
			if (!action) return { why: 'none' }
			const made = wish.kind === 'undo' ? await session.undoPlan(action) : session.discardPlan(action)
			return made ?? { why: 'none' }
		},
		live: {
			run: session.run,
			verify: async (plan, result, how) => {
				const before = { ...noJudgement, diagnoses: [broken] }
				const verified = await session.verify(plan, result, before, {
					signal: how.signal,
					onProgress: says => how.onProgress(says),
				})
				return { verified, subject: seen() }
			},
			look: async () => seen(),
			past: async () => ({
				history: await session.history(),
				backups: Object.fromEntries((await session.backups()).map(({ action, bytes }) => [action.id, bytes])),
			}),
		},
	}),
})
process.exitCode = status
