// Examining this very host: the whole beside its slowest question, and how long until something can be said.

import { askPatient, findPatient } from '../../dist/src/commands/live.js'
import { parse } from '../../dist/src/commands/parse.js'
import { ofHost } from '../../dist/src/program/examinations.js'
import { median, spread } from './figures.mjs'
import { runs } from './floor.mjs'

async function once() {
	const parsed = parse([])
	const began = performance.now()
	const started = new Map()
	let slowest = 0
	let first
	let asked = 0
	const examine = ofHost(async onProgress => {
		const patient = await findPatient(parsed)
		return askPatient(patient, parsed, (progress, soFar) => {
			if (progress.state === 'asking') started.set(progress.asked, performance.now())
			if (progress.state === 'answered' || progress.state === 'unanswered') {
				const since = started.get(progress.asked)
				if (since !== undefined) slowest = Math.max(slowest, performance.now() - since)
			}
			onProgress(progress, soFar)
		}).then(bundle => {
			asked = performance.now() - began
			return bundle
		})
	})
	await examine({
		source() {},
		found() {
			first ??= performance.now() - began
		},
		signal: new AbortController().signal,
	})
	return { asked, slowest, first: first ?? performance.now() - began }
}

export async function liveFigures() {
	await once()
	const taken = []
	for (let round = 0; round < runs; round += 1) taken.push(await once())
	const of = name => taken.map(one => one[name])
	return [
		{
			what: `live: all questions to this host beside the slowest (${median(of('asked')).toFixed(0)} ms, spread ${spread(of('asked')).toFixed(0)}; slowest ${median(of('slowest')).toFixed(0)} ms; n=${runs})`,
			value: median(taken.map(({ asked, slowest }) => asked / slowest)),
			unit: '×',
			bound: 1.5,
		},
		{
			what: `live: first verdict (spread ${spread(of('first')).toFixed(0)} ms; n=${runs})`,
			value: median(of('first')),
			unit: 'ms',
			bound: 1000,
		},
	]
}
