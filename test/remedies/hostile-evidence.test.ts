/**
 * Names of files, units, nodes and images, and words of log lines as an attacker would choose them, all the way from the
 * evidence to the plan: never another command, neither one that the doctor runs nor one that a person is told to paste.
 */
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Bundle } from '../../src/model/bundle.js'
import type { Argv } from '../../src/model/remedy.js'
import { shellLine } from '../../src/model/shell.js'
import { placesOf } from '../../src/remedies/places.js'
import { makePlan } from '../../src/remedies/plan.js'
import { surroundingsOf } from '../../src/remedies/recorded.js'
import { pick, randomOf, seedOfRun } from '../app/random.js'
import { judge } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'

const seed = seedOfRun()
const nodes = 24
const rounds = 2

/** Each holds `pwn`, by which it is found again. */
const nasty = [
	'$(pwn)',
	'`pwn`',
	';pwn;',
	'x|pwn',
	"a'b;pwn'",
	'a"b;pwn"',
	'-rf=pwn',
	'--kubeconfig=pwn',
	'-pwn',
	'../../../pwn',
	'/etc/../pwn',
	'pwn\u001b[2J',
	'pwn\u0000x',
	'pwn\u202etxt',
	'pwn&&reboot',
	'pwn>/etc/passwd',
	'{pwn,a}',
	'*pwn?',
	'~pwn',
	'pwn\\',
	'!pwn',
	'pwn #',
]

/** Words that name something: paths, images, units, hosts, quoted names. */
const naming = /"[^"\s]{3,}"|[A-Za-z0-9_-]+[./:@][\w./:@-]+|\b(?:s1|a1|h[1-3]|k3s\.service)\b/g

function spoiled(bundle: Bundle, random: () => number): Bundle {
	const files = new Map<string, string>()
	for (const [file, text] of bundle.files) {
		const json = file.endsWith('.json')
		files.set(
			file,
			json
				? spoiledJson(text, random)
				: text
						.split('\n')
						.map(line => (random() < 0.5 ? spoiledLine(line, random) : line))
						.join('\n'),
		)
	}
	return { ...bundle, files }
}

function spoiledLine(line: string, random: () => number): string {
	// The beginning (time, host, unit) stays, so that it is still a line of its kind.
	const head = /^\S+ \S+ \S+: |^\S+ \S+ +/.exec(line)?.[0] ?? ''
	return head + line.slice(head.length).replace(naming, word => (random() < 0.25 ? evil(word, random) : word))
}

function evil(word: string, random: () => number): string {
	const quote = word.startsWith('"') ? '"' : ''
	const bare = quote ? word.slice(1, -1) : word
	const payload = pick(nasty, random)
	const text = random() < 0.5 ? payload : random() < 0.5 ? bare + payload : payload + bare
	return quote + text + quote
}

const named = new Set([
	'name',
	'namespace',
	'image',
	'nodeName',
	'key',
	'message',
	'id',
	'hostname',
	'reason',
])

function spoiledJson(text: string, random: () => number): string {
	try {
		return JSON.stringify(JSON.parse(text), (key, value) =>
			typeof value === 'string' && named.has(key) && random() < 0.15 ? evil(value, random) : value,
		)
	} catch {
		return text
	}
}

/** Whether a shell, or the program, would take a word with the mark for more than a value. */
function isDangerous(command: string): boolean {
	return command
		.replace(/'[^']*'/g, '')
		.replace(/\\'/g, '')
		.split(' ')
		.some(word => word.includes('pwn') && (/^-[^=]*$/.test(word) || !/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)))
}

describe('evidence full of quotes, options, substitutions and escapes', () => {
	it(`never becomes another command (SEED=${seed})`, { timeout: 180_000 }, async () => {
		const random = randomOf(seed)
		const names = recordingNames()
		const wrong: string[] = []
		const lines: Argv[] = []
		let [plans, reached] = [0, 0]
		for (let round = 0; round < rounds; round += 1) {
			for (let index = 0; index < nodes; index += 1) {
				const name = pick(names, random)
				const bundle = spoiled(await openRecording(name), random)
				const { evidence, judgement } = judge(bundle)
				for (const { cause, error } of judgement.crashed) wrong.push(`${name}: ${cause} crashed: ${error}`)
				for (const diagnosis of judgement.diagnoses) {
					reached += diagnosis.findings.filter(finding => JSON.stringify(finding).includes('pwn')).length
					for (const [at, remedy] of diagnosis.remedies.entries()) {
						const { backups } = placesOf(bundle.node.dataDir)
						const surroundings = surroundingsOf(remedy, bundle, evidence, backups)
						const plan = makePlan({
							diagnosis,
							number: at + 1,
							evidence,
							surroundings,
							mode: 'bundle',
							at: 0,
						})
						if (!plan) throw new Error('no plan')
						plans += 1
						const where = `${name} ${diagnosis.cause} ${at + 1}`
						const told = remedy.steps.flatMap(step => ('tell' in step ? (step.commands ?? []) : []))
						for (const command of told) {
							if (isDangerous(command)) wrong.push(`${where} tells: ${command}`)
						}
						if (plan.refusals.some(({ kind }) => kind !== 'mode')) continue
						for (const step of plan.steps) {
							if (step.kind === 'run') {
								lines.push(step.argv)
								for (const word of step.argv.slice(1)) {
									if (/^-[^=]*pwn/.test(word) || word.startsWith('--kubeconfig'))
										wrong.push(`${where}: option ${word}`)
									if (/[\u0000-\u001f\u007f-\u009f\u202e]/.test(word))
										wrong.push(`${where}: control in ${word}`)
								}
								if (step.argv[0].includes('pwn')) wrong.push(`${where}: program ${step.argv[0]}`)
							} else if ('path' in step && /\.\.|[\u0000-\u001f$`;|&'"]/.test(step.path))
								wrong.push(`${where}: path ${step.path}`)
						}
					}
				}
			}
		}
		expect([...new Set(wrong)]).toEqual([])
		expect(plans).toBeGreaterThan(100)
		// The words have come as far as the findings.
		expect(reached).toBeGreaterThan(20)
		// As a person would paste it: a shell makes the same words of it.
		const script = lines.map(argv => `printf '%s\\001' ${shellLine(argv)}; printf '\\002'`).join('\n')
		const seen = execFileSync('sh', { input: script, encoding: 'utf8' }).split('\u0002').slice(0, -1)
		expect(seen.map(text => text.split('\u0001').slice(0, -1))).toEqual(lines)
	})
})
