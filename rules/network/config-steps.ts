/** Steps that change flags of k3s where they stand. */
import { configValue, type Evidence, pathArgument, restartSteps, type Step } from '../../src/rule.js'

const mainFile = '/etc/rancher/k3s/config.yaml'

/** New values of flags; `undefined` takes a flag away. */
export type Changes = Readonly<Record<string, string | undefined>>

interface Edit {
	set: Record<string, string>
	remove: string[]
}

/** The file in which a flag can be changed; none where the unit's command line or environment gives it. */
function fileOf({ config }: Evidence, flag: string): string | undefined {
	const origin = config?.values.get(flag)?.origin
	return origin ? pathArgument(origin.kind === 'file' ? origin.file : undefined) : mainFile
}

/** Changes the flags and restarts k3s. What stands in the unit a person must change: then the steps tell. */
export function changeFlags(evidence: Evidence, changes: Changes): Step[] {
	const { config, node } = evidence
	const edits = new Map<string, Edit>()
	const byHand: string[] = []
	for (const [flag, value] of Object.entries(changes)) {
		const file = fileOf(evidence, flag)
		if (file === undefined) {
			const where = pathArgument(config?.values.get(flag)?.origin.file) ?? 'the unit or its environment'
			byHand.push(`${value === undefined ? `take --${flag} away` : `set --${flag}=${value}`} in ${where}`)
			continue
		}
		const edit = edits.get(file) ?? { set: {}, remove: [] }
		edits.set(file, edit)
		if (value === undefined) edit.remove.push(flag)
		else edit.set[flag] = value
	}
	const made = [...edits].map(
		([edit, { set, remove }]): Step => ({
			edit,
			...(Object.keys(set).length > 0 && { set }),
			...(remove.length > 0 && { remove }),
		}),
	)
	if (byHand.length === 0) return [...made, ...restartSteps(node)]
	const commands = ['systemctl daemon-reload', `systemctl restart ${node.unit}`]
	return [...made, { tell: `By hand: ${byHand.join('; ')}. Then:`, commands }]
}

/** Where a flag stands, to be quoted. */
export function flagQuote({ config }: Evidence, flag: string) {
	const found = config?.values.get(flag)
	if (!found) return undefined
	const { file, line } = found.origin
	return {
		file: file.startsWith('/') ? `files${file}` : file,
		text: `${flag}: ${found.values.join(', ')}`,
		...(line && { line }),
	}
}

/** Whether a switch is on. */
export function isOn(evidence: Evidence, flag: string): boolean {
	return /^(?:true|1|t)$/i.test(configValue(evidence.config, flag) ?? '')
}
