/** The environment in which the service manager starts k3s. */
import type { Bundle, NodeFacts } from '../../model/bundle.js'
import { answer, fileOf } from '../../model/bundle.js'
import type { Origin, UnitsEvidence } from '../../model/evidence/index.js'
import { serviceSettings, type UnitText } from '../units/settings.js'
import { splitWords } from '../units/words.js'
import { readEnvironmentFile } from './environment-file.js'

export interface Given {
	value: string
	origin: Origin
}

export type Environment = ReadonlyMap<string, Given>

function nameOf(unit: string): string {
	return unit.replace(/\.service$/, '')
}

/** `EnvironmentFile=-/etc/default/%N`: a `-` allows it to be missing, `%N` is the unit's name. */
function declared(texts: readonly UnitText[], unit: string): string[] {
	return serviceSettings(texts, 'EnvironmentFile')
		.map(({ value }) => value.replace(/^-/, '').replaceAll('%N', nameOf(unit)).replaceAll('%n', unit))
		.filter(path => path.startsWith('/') && !/[%*?[]/.test(path))
}

/**
 * Files in the order in which they are read; a later one wins. `told` are those that systemd names, `texts` the unit
 * file and its drop-ins.
 */
export function environmentPaths(
	{ unit, init }: NodeFacts,
	texts: readonly UnitText[] = [],
	told: readonly string[] = [],
): string[] {
	const name = nameOf(unit)
	if (init === 'openrc') return ['/etc/environment', `/etc/rancher/k3s/${name}.env`]
	if (told.length) return told.map(path => path.replace(/^-/, ''))
	const written = declared(texts, unit)
	if (written.length) return written
	return [`/etc/default/${name}`, `/etc/sysconfig/${name}`, `/etc/systemd/system/${unit}.env`]
}

function fromUnit(units: UnitsEvidence | undefined, into: Map<string, Given>): void {
	for (const { value, path, line } of serviceSettings(units?.cat ?? [], 'Environment')) {
		for (const word of splitWords(value)) {
			const at = word.indexOf('=')
			if (at > 0)
				into.set(word.slice(0, at), {
					value: word.slice(at + 1),
					origin: { kind: 'environment', file: path, line },
				})
		}
	}
}

export function readEnvironment(bundle: Bundle, units: UnitsEvidence | undefined): Environment {
	const environment = new Map<string, Given>()
	fromUnit(units, environment)
	for (const path of environmentPaths(bundle.node, units?.cat, units?.own?.environmentFiles)) {
		const text = answer(bundle, fileOf(path))
		if (text === undefined) continue
		for (const { name, value, line } of readEnvironmentFile(text, bundle.node.init === 'openrc'))
			environment.set(name, { value, origin: { kind: 'environment', file: path, line } })
	}
	return environment
}
