/**
 * How a command is taken back. Some have an inverse, given how things were before; some (restart, daemon-reload) are
 * simply done once more when the files are back; some change nothing that lasts; the rest has no way back of its own.
 */
import type { Argv } from '../model/remedy.js'
import { verbOf } from './policy.js'

/** How things were before the command; absent where it could not be asked. */
export interface Prior {
	/** `systemctl show -p ActiveState,UnitFileState` by unit. */
	units?: Readonly<Record<string, { active: string; file: string }>>
	/** sysctl values by name. */
	sysctl?: Readonly<Record<string, string>>
	/** The object that a Kubernetes action changes, as the API gave it, and the file that it was saved in. */
	object?: { value: unknown; file: string }
}

export interface Reversal {
	/** Run in the opposite order of the actions. */
	back: Argv[]
	/** Run when the files are back, before units are started again. */
	again: Argv[]
	/** Brings a unit back to a state in which it was broken: a failure is no failure. */
	mayFail?: true
	/** There is no way back. */
	not?: true
}

const lasting: Reversal = { back: [], again: [] }
const noWay: Reversal = { back: [], again: [], not: true }

export const back = (...argvs: Argv[]): Reversal => ({ back: argvs, again: [] })
const again = (argv: Argv): Reversal => ({ back: [], again: [argv] })

export function reversalOf(argv: Argv, prior: Prior): Reversal {
	const [program, ...words] = argv
	const name = program.slice(program.lastIndexOf('/') + 1)
	if (name === 'systemctl') return systemctl(words, prior)
	if (name === 'rc-service') return service(words)
	if (name === 'rc-update') return update(argv, words)
	if (name === 'sysctl') return sysctl(argv, words, prior)
	if (name === 'swapoff' && words[0] === '-a') return back(['swapon', '-a'])
	if (name === 'timedatectl' && words[0] === 'set-ntp')
		return back([program, 'set-ntp', words[1] === 'true' ? 'false' : 'true'])
	if (name === 'firewall-cmd') return firewall(argv, words)
	if (name === 'ufw') return ufw(argv, words)
	if (name === 'ip') return ip(argv)
	return harmless(name, words) ? lasting : noWay
}

/** What only looks, loads, or is made again by itself. */
function harmless(name: string, words: readonly string[]): boolean {
	if (
		/^(modprobe|journalctl|df|du|ss|ls|stat|cat|head|tail|grep|getent|last|findmnt|lsblk|ps|free|ping|restorecon|mkdir|fstrim|sync)$/.test(
			name,
		)
	)
		return true
	if (name === 'crictl' || name === 'ctr')
		return words.some(word => /^(pull|import|images|ps|pods|inspect)$/.test(word))
	if (name !== 'k3s') return false
	const [tool = '', ...rest] = words
	if (tool === 'crictl' || tool === 'ctr') return harmless(tool, rest)
	return tool === 'etcd-snapshot' ? /^(save|ls|list)$/.test(verbOf(rest)) : tool === 'check-config'
}

function unitsOf(words: readonly string[], verb: string): string[] {
	return words.slice(words.indexOf(verb) + 1).filter(word => !word.startsWith('-'))
}

function systemctl(words: readonly string[], { units = {} }: Prior): Reversal {
	const verb = verbOf(words)
	const names = unitsOf(words, verb)
	const ctl = (...rest: string[]): Argv => ['systemctl', ...rest]
	if (verb === 'daemon-reload' || verb === 'daemon-reexec') return again(ctl(verb))
	if (/^(reset-failed|status|show|cat|is-.*)$/.test(verb)) return lasting
	const made = names.map((unit): Reversal => {
		const { active = '', file = '' } = units[unit] ?? {}
		const now = words.includes('--now') ? ['--now'] : []
		// Of a unit that was not up nobody knows whether it gets up: with TimeoutStartSec=0 that would be waited for.
		const well = active === 'active'
		const gently = (action: string): Argv => ctl(...(well ? [] : ['--no-block']), action, unit)
		switch (verb) {
			case 'start':
				return well ? lasting : back(ctl('stop', unit))
			case 'stop':
				if (active === 'inactive') return lasting
				return { ...back(gently('start')), ...(!well && { mayFail: true }) }
			case 'restart':
			case 'try-restart':
			case 'reload-or-restart':
			case 'reload':
				// It was down, perhaps stopped by a step before: then this was a start.
				if (active === 'inactive' || active === 'failed') return back(ctl('stop', unit))
				return { ...again(gently(verb === 'reload' ? 'reload' : 'restart')), ...(!well && { mayFail: true }) }
			case 'enable':
				if (file === 'enabled') return now.length > 0 && !well ? back(ctl('stop', unit)) : lasting
				return back(ctl('disable', ...(well ? [] : now), unit))
			case 'disable': {
				const started = now.length > 0 && active !== 'inactive' ? [gently('start')] : []
				const enabled = file === 'disabled' ? [] : [ctl('enable', unit)]
				return { ...back(...enabled, ...started), ...(!well && { mayFail: true }) }
			}
			case 'mask':
				return back(
					ctl('unmask', unit),
					...(now.length > 0 && active === 'active' ? [ctl('start', unit)] : []),
				)
			case 'unmask':
				return back(ctl('mask', unit))
			default:
				return noWay
		}
	})
	return joined(made)
}

function joined(reversals: readonly Reversal[]): Reversal {
	if (reversals.length === 0 || reversals.some(({ not }) => not)) return noWay
	return {
		back: reversals.toReversed().flatMap(one => one.back),
		again: reversals.flatMap(one => one.again),
		...(reversals.some(({ mayFail }) => mayFail) && { mayFail: true }),
	}
}

function service([unit = '', verb = '']: readonly string[]): Reversal {
	if (verb === 'start') return back(['rc-service', unit, 'stop'])
	if (verb === 'stop') return back(['rc-service', unit, 'start'])
	return verb === 'restart' ? again(['rc-service', unit, 'restart']) : noWay
}

function update([program]: Argv, [verb = '', ...rest]: readonly string[]): Reversal {
	if (verb === 'add') return back([program, 'del', ...rest])
	return verb === 'del' ? back([program, 'add', ...rest]) : noWay
}

function sysctl(argv: Argv, words: readonly string[], { sysctl: old = {} }: Prior): Reversal {
	if (!words.includes('-w')) return words.includes('-p') || words.includes('--system') ? again(argv) : lasting
	const settings = words.filter(word => !word.startsWith('-')).map(word => word.split('=', 1)[0] ?? '')
	const before = settings.map(key => old[key])
	if (settings.length === 0 || before.includes(undefined)) return noWay
	return back([argv[0], '-w', ...settings.map((key, index) => `${key}=${before[index]}`)])
}

function firewall(argv: Argv, words: readonly string[]): Reversal {
	if (words.includes('--reload')) return again(argv)
	const opposite = (word: string) =>
		word.startsWith('--add-') ? word.replace('--add-', '--remove-') : word.replace('--remove-', '--add-')
	return words.some(word => /^--(add|remove)-/.test(word)) ? back([argv[0], ...words.map(opposite)]) : noWay
}

function ufw([program]: Argv, words: readonly string[]): Reversal {
	if (words[0] === 'allow' || words[0] === 'deny') return back([program, '--force', 'delete', ...words])
	return words[0] === 'reload' ? lasting : noWay
}

function ip(argv: Argv): Reversal {
	const at = argv.findIndex(word => word === 'add' || word === 'del')
	if (at < 0) return noWay
	return back([
		argv[0],
		...argv.slice(1).map((word, index) => (index === at - 1 ? (word === 'add' ? 'del' : 'add') : word)),
	])
}
