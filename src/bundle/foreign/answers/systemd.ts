/** `systemctl list-units` and `list-unit-files`, as the blocks of `systemctl show`. */
import type { Draft, Placed, Source } from '../draft.js'
import { placed } from '../draft.js'

export interface ListedUnit {
	id: string
	load: string
	active: string
	sub: string
	from: Placed
}

const row =
	/^[●*×↻○\s]*([A-Za-z0-9:_.@\\-]{1,255}\.[a-z]+)\s+(loaded|not-found|bad-setting|error|masked|merged|stub)\s+(active|reloading|inactive|failed|activating|deactivating|maintenance|refreshing)\s+(\S+)/

/** Rows of `systemctl list-units`. */
export function listedUnits(from: Source | undefined): ListedUnit[] {
	if (!from) return []
	return placed(from).flatMap(line => {
		const [, id, load, active, sub] = row.exec(line.text) ?? []
		return id && load && active && sub ? [{ id, load, active, sub, from: line }] : []
	})
}

/** `k3s.service   enabled   enabled`: unit -> its state. */
export function unitFileStates(
	from: Source | undefined,
): ReadonlyMap<string, { state: string; from: Placed }> {
	const states = new Map<string, { state: string; from: Placed }>()
	for (const line of from ? placed(from) : []) {
		const [, id, state] =
			/^([A-Za-z0-9:_.@\\-]{1,255}\.service)\s+(enabled|enabled-runtime|disabled|static|masked|masked-runtime|linked|alias|generated|transient|indirect|bad)(?:\s|$)/.exec(
				line.text,
			) ?? []
		if (id && state) states.set(id, { state, from: line })
	}
	return states
}

/** What the unit's own journal tells of its last end, which a list of units does not. */
export interface Ended {
	restarts?: number
	result?: string
	code?: string
	status?: number
}

/** systemd's own lines about the unit since its newest start. */
export function endOf(journal: string | undefined, unit: string): Ended {
	const told: Ended = {}
	for (const line of (journal ?? '').slice(-2 * 1024 * 1024).split('\n')) {
		if (!line.includes(' systemd[')) continue
		const restarts = /restart counter is at (\d{1,9})/.exec(line)?.[1]
		if (restarts !== undefined) told.restarts = Number(restarts)
		const result = /Failed with result '([\w-]{1,40})'/.exec(line)?.[1]
		if (result !== undefined) told.result = result
		const exit = /Main process exited, code=(\w+), status=(\d{1,3})/.exec(line)
		if (exit) {
			told.code = exit[1] ?? ''
			told.status = Number(exit[2])
		}
		if (line.includes(`Started ${unit}`) || / Started k3s/.test(line)) {
			delete told.result
			delete told.restarts
		}
	}
	return told
}

const codes: Readonly<Record<string, number>> = { exited: 1, killed: 2, dumped: 3 }

/** Files the units as `systemctl show` blocks; `ended` is what is known beyond the list of unit `own`. */
export function addUnits(
	into: Draft,
	units: readonly ListedUnit[],
	states: ReadonlyMap<string, { state: string; from: Placed }>,
	own: string,
	ended: Ended,
): void {
	const lines: Placed[] = []
	const seen = new Set<string>()
	const block = (unit: Omit<ListedUnit, 'from'>, from: Placed) => {
		if (seen.has(unit.id)) return
		seen.add(unit.id)
		const add = (text: string) => lines.push({ ...from, text })
		add(`Id=${unit.id}`)
		add(`LoadState=${unit.load}`)
		add(`ActiveState=${unit.active}`)
		add(`SubState=${unit.sub}`)
		const state = states.get(unit.id)?.state
		if (state) add(`UnitFileState=${state}`)
		if (unit.id === own) {
			const { restarts, result, code, status } = ended
			add(`Result=${unit.active === 'active' ? 'success' : (result ?? 'success')}`)
			if (restarts !== undefined) add(`NRestarts=${restarts}`)
			if (code !== undefined) add(`ExecMainCode=${codes[code] ?? 0}`)
			if (status !== undefined) add(`ExecMainStatus=${status}`)
		}
		lines.push({ ...from, text: '' })
	}
	for (const unit of units) if (unit.id.endsWith('.service')) block(unit, unit.from)
	const file = states.get(own)
	// `list-units` without `--all` leaves out what is not active.
	if (units.length > 0 && file) block({ id: own, load: 'loaded', active: 'inactive', sub: 'dead' }, file.from)
	into.lines('commands/systemctl-show.txt', lines)
	const failed = units.filter(({ active, load }) => active === 'failed' && load !== 'not-found')
	if (units.length > 0)
		into.lines(
			'commands/systemctl-failed.txt',
			failed.map(({ id, load, active, sub, from }) => ({ ...from, text: `${id} ${load} ${active} ${sub}` })),
		)
}
