/** Which node a collector ran on. */
import { hostArgument, pathArgument, unitArgument } from '../../../model/argument.js'
import type { NodeFacts, Role } from '../../../model/bundle.js'
import { defaultUnit, nodeOfLog, roleOf } from '../../open/guess.js'
import type { ListedUnit } from '../answers/systemd.js'
import type { Draft } from '../draft.js'

const k3sUnit = /^k3s[A-Za-z0-9_@.-]*\.service$/

/** The units of k3s that this host has, those that run first. */
export function ownUnits(units: readonly ListedUnit[], files: Iterable<string>): string[] {
	const listed = units.filter(({ id, load }) => k3sUnit.test(id) && load !== 'not-found')
	const order = (unit: ListedUnit) => (unit.active === 'inactive' ? 1 : 0)
	const names = listed.sort((a, b) => order(a) - order(b)).map(({ id }) => id)
	return [...new Set([...names, ...[...files].filter(name => k3sUnit.test(name))])]
}

/** `k3s server`, `k3s agent` in a unit file or in a list of processes. */
export function roleOfCommand(text: string | undefined): Role | undefined {
	const word = /(?:^ExecStart=[^\n]*k3s["']?|\bk3s|\/k3s)[\s\\"']+(server|agent)\b/m.exec(text ?? '')?.[1]
	return word === 'server' || word === 'agent' ? word : undefined
}

/** What is known of the node from elsewhere than Rancher's files. */
export interface Told {
	hostname?: string | undefined
	journal?: string | undefined
	unitFile?: string | undefined
	processes?: string | undefined
	config?: string | undefined
}

export function nodeOf(into: Draft, units: readonly string[], folder: string, told: Told = {}): NodeFacts {
	const journal =
		told.journal ?? into.take('journald/k3s')?.text ?? into.take('journald/k3s-agent')?.text ?? ''
	const said = nodeOfLog(journal, 'systemd')
	const unitFile = told.unitFile ?? into.take(`${folder}/k3s.service`)?.text
	const processes = told.processes ?? into.take('systeminfo/ps')?.text
	const servers = into.below(`${folder}/certs/server`).length > 0
	const agents = into.below(`${folder}/certs/agent`).length > 0
	const spoken = roleOf(journal)
	const role: Role =
		roleOfCommand(unitFile) ??
		(spoken === 'unknown' ? undefined : spoken) ??
		(units[0]?.startsWith('k3s-agent') ? 'agent' : undefined) ??
		(/\bk3s[- ]server\b/.test(processes ?? '') ? 'server' : undefined) ??
		(/\bk3s[- ]agent\b/.test(processes ?? '') ? 'agent' : undefined) ??
		(servers ? 'server' : agents ? 'agent' : units.length > 0 ? 'server' : 'unknown')
	const hostname = (told.hostname ?? into.take('systeminfo/hostname')?.text)?.trim().split(/\s/, 1)[0]
	const config = told.config ?? into.take(`${folder}/config.yaml`)?.text
	const dataDir =
		/^data-dir:\s*["']?(\/[^\s"'#]{1,900})/m.exec(config ?? '')?.[1] ??
		/--data-dir["']?[=\s\\]+["']?(\/[^\s"'\\]{1,900})/.exec(unitFile ?? '')?.[1]
	const fits = units.find(unit => (role === 'agent') === unit.startsWith('k3s-agent'))
	return {
		hostname: hostArgument(hostname) ?? said.hostname,
		role,
		unit: unitArgument(fits ?? units[0]) ?? (journal === '' ? defaultUnit(role) : said.unit),
		init: 'systemd',
		dataDir: pathArgument(dataDir)?.replace(/(.)\/+$/, '$1') ?? said.dataDir,
		root: true,
	}
}
