/** Hands on this machine. */
import { access, constants, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { spend } from '../model/confirmed.js'
import { NotConfirmed } from '../model/hands-error.js'
import type { Plan, PlannedStep } from '../model/plan.js'
import { syncFolder } from './hands/atomic.js'
import { copyTree } from './hands/copy.js'
import { orHandsError } from './hands/error.js'
import { look, space } from './hands/look.js'
import { appendLine, makeActionFolder, ownText } from './hands/own-files.js'
import { perform } from './hands/perform.js'
import { weigh } from './hands/weigh.js'
import type { Clock, ConfirmedHands, Hands } from './hands.js'
import { programEnvironment } from './local/environment.js'

export function localHands(): Hands {
	return {
		look,
		space,
		weigh,
		program,
		ownText,
		note: (path, line) => orHandsError(`write to ${path}`, () => appendLine(path, line)),
		open: confirmed => {
			const plan = spend(confirmed)
			if (!plan) throw new NotConfirmed('this was not confirmed, or it was run already')
			return handsFor(plan)
		},
	}
}

async function program(name: string): Promise<boolean> {
	if (!/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)) return false
	const folders = programEnvironment().PATH?.split(':') ?? []
	const found = await Promise.all(
		folders.map(folder =>
			access(join(folder, name), constants.X_OK).then(
				() => true,
				() => false,
			),
		),
	)
	return found.includes(true)
}

function handsFor(plan: Plan): ConfirmedHands {
	const { folder } = plan.backup
	const insist = (step: PlannedStep) => {
		const index = plan.steps.indexOf(step)
		if (index < 0) throw new NotConfirmed(`"${step.says}" is not in the plan that was confirmed`)
		return index
	}
	const keptAt = (step: PlannedStep) => {
		const name = 'path' in step ? basename(step.path).replace(/[^A-Za-z0-9._-]/g, '_') : 'object.json'
		return `${folder}/files/${insist(step)}-${name}`
	}
	return {
		plan,
		begin: () => orHandsError(`make ${folder}`, () => makeActionFolder(folder)),
		record: line => orHandsError(`write to ${folder}`, () => appendLine(`${folder}/undo.jsonl`, line)),
		keptAt,
		keep: step =>
			orHandsError(`keep a copy for "${step.says}"`, async () => {
				insist(step)
				if ('path' in step) await copyTree(step.path, keptAt(step))
			}),
		keepText: (step, text) =>
			orHandsError(`keep a copy for "${step.says}"`, async () => {
				await writeFile(keptAt(step), text, { mode: 0o600, flag: 'wx', flush: true })
				await syncFolder(`${folder}/files`)
			}),
		perform: async (step, how) => {
			insist(step)
			return orHandsError(step.says.charAt(0).toLowerCase() + step.says.slice(1), () =>
				perform(step, keptAt(step), how),
			)
		},
	}
}

export const systemClock: Clock = {
	now: Date.now,
	wait: (ms, signal) =>
		new Promise(resolve => {
			if (signal?.aborted) return resolve()
			const done = () => {
				clearTimeout(timer)
				signal?.removeEventListener('abort', done)
				resolve()
			}
			const timer = setTimeout(done, ms)
			signal?.addEventListener('abort', done, { once: true })
		}),
}
