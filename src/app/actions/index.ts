/** What each name of the key table does. */
import type { Key } from '../keys/key.js'
import type { ActionName } from '../keys/table.js'
import { logOwnActions } from '../log/actions.js'
import { only, type Step } from '../message.js'
import { type Edit, edit, promptOf } from '../prompt.js'
import { type State, tabs } from '../state.js'
import * as cluster from './cluster.js'
import * as deeds from './deeds.js'
import * as act from './do.js'
import * as go from './go.js'
import * as move from './move.js'
import { accept, cancel, choose, complete, typed } from './prompts.js'
import { copyReport, save } from './report.js'

const far = 10
/** Further than any line is long. */
const farthest = 1_000_000

const editing =
	(how: Edit) =>
	(state: State): Step =>
		state.prompt ? typed(state, edit(state.prompt, how)) : only(state)

export const actions: Readonly<Record<ActionName, (state: State, key: Key) => Step>> = {
	open: go.open,
	view: go.view,
	remedy: go.remedy,
	logs: state => go.logs(state),
	'logs-before': state => go.logs(state, 'previous'),
	describe: state => cluster.read(state, 'describe'),
	yaml: state => cluster.read(state, 'yaml'),
	act: go.act,
	faults: cluster.faults,
	namespace: cluster.namespace,
	nodes: cluster.nodes,
	kinds: cluster.kinds,
	find: cluster.find,
	help: go.help,
	back: go.back,
	quit: go.quit,
	tab: (state, key) => go.toTab(state, tabs[Number(key) - 1]),
	'next-tab': state => go.nextTab(state, 1),
	'previous-tab': state => go.nextTab(state, -1),

	copy: act.copy,
	examine: act.examine,
	suppress: act.suppress,
	save,
	'copy-report': copyReport,
	sort: act.sort,
	invert: act.invert,
	wrap: act.wrap,
	unfold: state => act.fold(state, true),
	fold: state => act.fold(state, false),
	filter: state => act.search(state, 'filter'),
	search: state => act.search(state, 'search'),
	only: state => act.search(state, 'only'),
	command: state => only({ ...state, prompt: promptOf('command', '') }),
	...logOwnActions,
	run: deeds.run,
	'go-on': deeds.attended,
	undo: deeds.undo,
	discard: deeds.discard,
	leave: state => deeds.leave(state, true),
	redraw: state => [state, [{ kind: 'redraw' }]],
	suspend: go.suspend,

	down: state => move.by(state, 1),
	up: state => move.by(state, -1),
	'page-down': state => move.byWindow(state, 1),
	'page-up': state => move.byWindow(state, -1),
	'half-down': state => move.byWindow(state, 0.5),
	'half-up': state => move.byWindow(state, -0.5),
	first: state => move.toEnd(state, 'first'),
	last: state => move.toEnd(state, 'last'),
	left: state => move.sideways(state, -1),
	right: state => move.sideways(state, 1),
	'far-left': state => move.sideways(state, -far),
	'far-right': state => move.sideways(state, far),
	'line-start': state => move.sideways(state, -farthest),
	'line-end': state => move.sideways(state, farthest),
	'next-hit': state => move.toHit(state, 1),
	'previous-hit': state => move.toHit(state, -1),
	'next-error': state => move.toLevel(state, 1, 'error'),
	'previous-error': state => move.toLevel(state, -1, 'error'),
	'next-warning': state => move.toLevel(state, 1, 'warning'),
	'previous-warning': state => move.toLevel(state, -1, 'warning'),

	accept,
	cancel,
	complete,
	'choose-next': state => choose(state, 1),
	'choose-previous': state => choose(state, -1),
	'char-left': editing('char-left'),
	'char-right': editing('char-right'),
	'text-start': editing('text-start'),
	'text-end': editing('text-end'),
	erase: editing('erase'),
	'erase-next': editing('erase-next'),
	'erase-word': editing('erase-word'),
	'erase-all': editing('erase-all'),
}
