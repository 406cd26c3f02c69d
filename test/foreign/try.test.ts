import { it } from 'vitest'
import { openBundle } from '/work/wt/foreign/src/bundle/open.js'
import { judge, rootsOf } from '/work/wt/foreign/test/judge.js'
import { openRecording, recordingNames } from '/work/wt/foreign/test/recording.js'
import { archiveAt } from '/work/wt/foreign/test/foreign/archive.js'
import { rancherShaped } from '/work/wt/foreign/test/foreign/rancher-shaped/index.js'
it('x', async () => {
	let same = 0, n = 0
	const lines: string[] = []
	for (const name of recordingNames()) {
		n++
		const bundle = await openRecording(name)
		const own = judge(bundle)
		try {
			const path = await archiveAt('x.tar.gz', rancherShaped(bundle))
			const foreign = await openBundle(path)
			const ex = judge(foreign)
			const a = rootsOf(own)[0] ?? own.report.verdict, b = rootsOf(ex)[0] ?? ex.report.verdict
			if (a === b && ex.report.crashed.length === 0) same++
			else lines.push(`${name.padEnd(30)} ${a.padEnd(28)} ${b.padEnd(28)} ${rootsOf(ex).slice(1)} | crashed ${ex.report.crashed.map(c => c.cause + c.error)}`)
		} catch (e) { lines.push(name + ' ' + (e as Error).stack) }
	}
	console.log(lines.join('\n')); console.log(same, 'of', n)
}, 300000)
