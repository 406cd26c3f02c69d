/** A scratch root: k3s's files in a folder of their own, stand-ins for systemctl and kubectl, the real hands. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { localHost } from '../../src/host/local.js'
import { localHands } from '../../src/host/local-hands.js'
import type { RunEvent, RunResult } from '../../src/model/action.js'
import type { NodeFacts } from '../../src/model/bundle.js'
import { answerWanted, confirm } from '../../src/model/confirmed.js'
import type { Diagnosis } from '../../src/model/diagnosis.js'
import type { Evidence } from '../../src/model/evidence/index.js'
import type { Plan } from '../../src/model/plan.js'
import type { Remedy } from '../../src/model/remedy.js'
import type { Machine } from '../../src/remedies/look-around.js'
import type { Places } from '../../src/remedies/places.js'
import { openSession, type Session } from '../../src/remedies/session.js'
import { makeStop, type Stop } from '../../src/remedies/stop.js'
import { diagnosisOf, noJudgement } from './diagnosis.js'

export interface Scratch {
	root: string
	node: NodeFacts
	machine: Machine
	places: Places
	evidence: Evidence
	/** Absolute path below the root. */
	at(path: string): string
	put(path: string, text: string, mode?: number): string
	text(path: string): string
	/** Calls of the stand-ins, oldest first. */
	calls(): string[]
	/** What the stand-in for systemctl says of a unit: `active`, `enabled`. */
	setUnit(unit: string, active: string, file?: string): void
	unit(unit: string): { active: string; file: string }
	/** The next call that contains this text fails. */
	failOn(text: string): void
	/** What `kubectl get` answers. */
	setObject(object: unknown): void
	session(remedies: readonly Remedy[], more?: Partial<Pick<Diagnosis, 'cause'>>): Session
	cleanup(): void
}

export { diagnosisOf, noJudgement, remedyOf } from './diagnosis.js'

const standIn = (state: string) => `#!/bin/sh
# A stand-in that writes its calls down and keeps the states of units in files.
state='${state}'
name=$(basename "$0")
printf '%s' "$name" >> "$state/calls"
for word in "$@"; do printf ' [%s]' "$word" >> "$state/calls"; done
printf '\\n' >> "$state/calls"
if [ -e "$state/fail" ] && printf '%s' "$name $*" | grep -qF -- "$(cat "$state/fail")"; then
	rm "$state/fail"; echo "told to fail" >&2; exit 1
fi
case "$name" in
systemctl)
	verb='' now=''
	for word in "$@"; do case "$word" in --now) now=1;; -*) ;; *) verb=$word; break;; esac; done
	for word in "$@"; do case "$word" in --now) now=1;; esac; done
	for unit in "$@"; do case "$unit" in -*|"$verb") continue;; esac
		case "$unit" in *[!A-Za-z0-9._-]*|????????????????????????????????????????????????????????????????*) continue;; esac
		mkdir -p "$state/units/$unit"; d=$state/units/$unit
		case "$verb" in
		show) echo "ActiveState=$(cat "$d/active" 2>/dev/null || echo inactive)"; echo SubState=sub; echo Job=0
			echo "UnitFileState=$(cat "$d/file" 2>/dev/null || echo disabled)";;
		start|restart) echo active > "$d/active";;
		stop) echo inactive > "$d/active";;
		enable) echo enabled > "$d/file"; [ -z "$now" ] || echo active > "$d/active";;
		disable) echo disabled > "$d/file"; [ -z "$now" ] || echo inactive > "$d/active";;
		esac
	done;;
k3s) case "$*" in *' get '*) cat "$state/object";; esac;;
slow) echo begun; sleep 30;;
esac
exit 0
`

export function makeScratch(): Scratch {
	const root = mkdtempSync(join(tmpdir(), 'remedies-'))
	const at = (path: string) => join(root, path)
	const state = at('state')
	const bin = at('bin')
	for (const dir of [state, bin]) mkdirSync(dir, { recursive: true })
	for (const name of ['systemctl', 'k3s', 'slow'])
		writeFileSync(join(bin, name), standIn(state), { mode: 0o755 })
	const path = process.env.PATH ?? ''
	process.env.PATH = `${bin}:${path}`

	const node: NodeFacts = {
		hostname: 'edge-7',
		role: 'server',
		unit: 'k3s.service',
		init: 'systemd',
		dataDir: at('var/lib/rancher/k3s'),
		root: true,
	}
	mkdirSync(node.dataDir, { recursive: true })
	// Waiting costs no time: it only moves the clock.
	let waited = 0
	const machine: Machine = {
		host: localHost({ kubeconfigs: [] }),
		hands: localHands(),
		clock: {
			now: () => Date.now() + waited,
			wait: async ms => {
				waited += ms
			},
		},
	}
	const places: Places = {
		backups: [{ base: join(node.dataDir, 'doctor/backups') }, { base: at('run/k3s-doctor/backups') }],
		audits: [at('var/log/k3s-doctor/audit.jsonl'), join(node.dataDir, 'doctor/audit.jsonl')],
	}
	const evidence: Evidence = { node }
	const scratch: Scratch = {
		root,
		node,
		machine,
		places,
		evidence,
		at,
		put(name, text, mode = 0o644) {
			mkdirSync(dirname(at(name)), { recursive: true })
			writeFileSync(at(name), text)
			chmodSync(at(name), mode)
			return at(name)
		},
		text: name => readFileSync(at(name), 'utf8'),
		calls: () => readOr(join(state, 'calls')).split('\n').filter(Boolean),
		setUnit(unit, active, file = 'disabled') {
			mkdirSync(join(state, 'units', unit), { recursive: true })
			writeFileSync(join(state, 'units', unit, 'active'), active)
			writeFileSync(join(state, 'units', unit, 'file'), file)
		},
		unit: unit => ({
			active: readOr(join(state, 'units', unit, 'active')).trim(),
			file: readOr(join(state, 'units', unit, 'file')).trim(),
		}),
		failOn: text => writeFileSync(join(state, 'fail'), text),
		setObject: object => writeFileSync(join(state, 'object'), JSON.stringify(object)),
		session(remedies, { cause } = {}) {
			const judgement = { ...noJudgement, diagnoses: [diagnosisOf(remedies, cause)] }
			return openSession({
				machine,
				node,
				places: scratch.places,
				who: { user: 'ada', uid: 1000, tty: 'pts/3', ssh: '10.0.0.9' },
				mode: 'live',
				current: () => ({ evidence, judgement }),
				reexamine: async () => ({ judgement: noJudgement, starting: false }),
			})
		},
		cleanup() {
			process.env.PATH = path
			rmSync(root, { recursive: true, force: true })
		},
	}
	return scratch
}

function readOr(path: string): string {
	try {
		return readFileSync(path, 'utf8')
	} catch {
		return ''
	}
}

/** The yes that the plan asks for. */
export function yesTo(plan: Plan) {
	const confirmation = confirm(plan, answerWanted(plan), plan.node.hostname)
	if (!confirmation.ok) throw new Error(`${confirmation.why}: ${JSON.stringify(plan.refusals)}`)
	return confirmation.confirmed
}

export interface Done {
	result: RunResult
	events: RunEvent[]
}

export async function carryOut(
	session: Session,
	plan: Plan | undefined,
	stop: Stop = makeStop(),
): Promise<Done> {
	if (!plan) throw new Error('there is no plan')
	const events: RunEvent[] = []
	const result = await session.run(yesTo(plan), { onEvent: event => events.push(event), stop })
	return { result, events }
}

/** Takes the last action of the history back. */
export async function takeBack(session: Session): Promise<Done> {
	const { actions } = await session.history()
	const action = actions.at(-1)
	return carryOut(session, action && (await session.undoPlan(action)))
}

/** Content, type, mode and owner: all that an undo has to bring back. */
export function stateOf(path: string): unknown {
	try {
		const { mode, uid, gid } = lstatSync(path)
		const isFile = (mode & 0o170000) === 0o100000
		return { mode, uid, gid, ...(isFile && { bytes: readFileSync(path).toString('latin1') }) }
	} catch {
		return 'absent'
	}
}
