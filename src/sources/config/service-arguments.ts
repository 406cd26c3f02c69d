/** The command line with which the service manager starts k3s. */
import type { Bundle } from '../../model/bundle.js'
import { answer, fileOf } from '../../model/bundle.js'
import type { UnitsEvidence } from '../../model/evidence/index.js'
import { execLines } from '../units/settings.js'
import { splitWords } from '../units/words.js'
import type { Environment } from './environment.js'

export interface ServiceArguments {
	/** Words after `server` or `agent`. */
	args: string[]
	/** Where they are written, and what stands there. */
	file: string
	text: string
}

/** systemd's own expansion: `${NAME}` within a word, `$NAME` as a word of its own, which may become several. */
function expanded(words: readonly string[], environment: Environment): string[] {
	return words.flatMap(word => {
		const alone = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(word)?.[1]
		if (alone) return splitWords(environment.get(alone)?.value ?? '')
		return word.replace(
			/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
			(_, name: string) => environment.get(name)?.value ?? '',
		)
	})
}

/** install.sh writes `command_args="server 'a' 'b' >>/var/log/k3s.log 2>&1"`. */
function fromInitScript(text: string): string[] {
	const begin = /^command_args="/m.exec(text)
	if (!begin) return []
	const rest = text.slice(begin.index + begin[0].length)
	const end = /(?<!\\)"/.exec(rest)?.index ?? rest.length
	const words = splitWords(
		rest
			.slice(0, end)
			.replaceAll('\\\n', ' ')
			.replace(/\\(["\\$`])/g, '$1'),
	)
	const redirect = words.findIndex(word => /^\d?>/.test(word))
	return redirect < 0 ? words : words.slice(0, redirect)
}

function afterRole(words: readonly string[]): string[] | undefined {
	const role = words.findIndex(word => word === 'server' || word === 'agent')
	return role < 0 ? undefined : words.slice(role + 1)
}

export function serviceArguments(
	bundle: Bundle,
	units: UnitsEvidence | undefined,
	environment: Environment,
): ServiceArguments | undefined {
	const { node } = bundle
	const init = `/etc/init.d/${node.unit.replace(/\.service$/, '')}`
	const script = node.init === 'openrc' ? answer(bundle, fileOf(init)) : undefined
	if (script !== undefined) {
		const args = afterRole(fromInitScript(script))
		return args && { args, file: init, text: script }
	}
	const own = units?.own
	const lines = own?.exec.length ? own.exec : execLines(units?.cat ?? [])
	const args = lines.map(afterRole).findLast(words => words !== undefined)
	if (!args) return undefined
	const dropIn = own?.dropIns.findLast(path => textOf(units, path).includes('ExecStart'))
	const file = dropIn || own?.fragmentPath || units?.cat[0]?.path || `/etc/systemd/system/${node.unit}`
	return { args: expanded(args, environment), file, text: textOf(units, file) }
}

function textOf(units: UnitsEvidence | undefined, path: string): string {
	return units?.cat.find(unit => unit.path === path)?.text ?? ''
}
