/** Both checklists on evidence that lacks something, and on evidence that is hostile. */
import { describe, expect, it } from 'vitest'
import { checklistOf } from '../../src/commands/checklist.js'
import type { Bundle } from '../../src/model/bundle.js'
import type { ChecklistName } from '../../src/model/checklist.js'
import { checklistJson } from '../../src/report/checklist/json.js'
import { checklistText } from '../../src/report/checklist/text.js'
import { stepTexts } from '../../src/report/steps.js'
import { openRecording } from '../recording.js'

const lists: readonly ChecklistName[] = ['preflight', 'verify']

/** Less to read: what is looked at here is what lacks, not the journal. */
async function small(name: string): Promise<Bundle> {
	const bundle = await openRecording(name)
	const files = new Map(
		[...bundle.files].map(([file, text]) => [file, file.startsWith('journal/') ? text.slice(-20_000) : text]),
	)
	return { ...bundle, files }
}

describe.each(lists)('%s', list => {
	it('never crashes and never passes for what is not there, whichever answer is missing', async () => {
		const bundle = await small(list === 'preflight' ? 'not-installed' : 'healthy-server')
		const whole = checklistOf(list, bundle, 'test')
		for (const missing of bundle.files.keys()) {
			const files = new Map([...bundle.files].filter(([file]) => file !== missing))
			const entries = bundle.entries.filter(({ file }) => file !== missing)
			const { checks } = checklistOf(list, { ...bundle, files, entries }, 'test')
			for (const { id, results } of checks)
				for (const { says } of results)
					expect(says, `${id} without ${missing}`).not.toMatch(/itself failed|undefined|NaN/)
			// The state is then told by the journal, which is cut here.
			if (missing === 'commands/systemctl-show.txt') continue
			// Nothing fails because somebody did not look.
			const failed = (of: typeof checks) => of.filter(({ status }) => status === 'fail').map(({ id }) => id)
			expect(failed(checks), `without ${missing}`).toEqual(failed(whole.checks))
		}
	}, 120_000)

	it('on nothing at all passes nothing', async () => {
		const bundle = await openRecording('not-installed')
		const { checks } = checklistOf(list, { ...bundle, files: new Map(), entries: [] }, 'test')
		// Being the first node of its own cluster needs no evidence.
		const passed = checks.filter(({ status }) => status === 'pass').map(({ id }) => id)
		expect(passed).toEqual([])
	})

	it('lets no words of the evidence into a terminal or a command', async () => {
		const words = '\u001b[31m$(reboot);`id`\u0007'
		const bundle = await small(list === 'preflight' ? 'not-installed' : 'healthy-server')
		const files = new Map([...bundle.files].map(([file, text]) => [file, text.replaceAll('s1', words)]))
		files.set(
			'files/etc/rancher/k3s/config.yaml',
			`server: "https://${words}:6443"\ncluster-cidr: "${words}"\n`,
		)
		files.set(
			'preflight/intent.json',
			JSON.stringify({ server: `https://${words}/`, joins: { form: 'short', where: words } }),
		)
		// Who the node is was validated when the bundle was opened.
		const report = checklistOf(list, { ...bundle, files }, words)
		const look = { width: 80, colour: false }
		for (const text of [checklistText(report, look), checklistJson(report)])
			expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/)
		const commands = report.checks
			.flatMap(({ results }) => results.flatMap(({ advice }) => advice.flatMap(stepTexts)))
			.filter(({ kind }) => kind === 'command')
		expect(commands.length).toBeGreaterThan(3)
		for (const { text } of commands) expect(text.replaceAll(/'[^']*'/g, '')).not.toMatch(/\$\(reboot\)|`id`/)
	})
})
