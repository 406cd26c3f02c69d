import type { Bundle } from '../model/bundle.js'
import { answer, fileOf } from '../model/bundle.js'
import type { ConfigEvidence, ConfigProblem } from '../model/evidence/index.js'
import { configPath } from './config/command-line.js'
import { environmentPaths, readEnvironment } from './config/environment.js'
import { variables } from './config/flags.js'
import { hideArguments } from './config/hidden-arguments.js'
import { hideVariable } from './config/hide.js'
import { mergeAll, mergeFiles } from './config/merge.js'
import { serviceArguments } from './config/service-arguments.js'
import { readConfigFile } from './config/yaml-file.js'
import { perBundle } from './per-bundle.js'
import { type Ask, source } from './source.js'
import { readCat } from './units/cat.js'
import { askCat } from './units/questions.js'
import { execLines } from './units/settings.js'
import { readUnits } from './units.js'

const isDropIn = (name: string) => /\.ya?ml$/i.test(name)

/** Main file and drop-ins that the bundle holds, in the order in which k3s reads them. */
function configFiles(bundle: Bundle, path: string): string[] {
	const dir = `${fileOf(path)}.d/`
	const dropIns = [...bundle.files.keys()]
		.filter(file => file.startsWith(dir) && !file.slice(dir.length).includes('/') && isDropIn(file))
		// Go's os.ReadDir sorts by bytes.
		.sort((a, b) => (a < b ? -1 : 1))
		.map(file => file.slice('files'.length))
	return bundle.files.has(fileOf(path)) ? [path, ...dropIns] : dropIns
}

/** The configuration of k3s; `undefined` when neither a file, nor an environment, nor a command line is known. */
export const readConfig = perBundle((bundle: Bundle): ConfigEvidence | undefined => {
	const units = readUnits(bundle)
	const environment = readEnvironment(bundle, units)
	const commandLine = serviceArguments(bundle, units, environment)
	const path = configPath(commandLine?.args ?? [], environment.get('K3S_CONFIG_FILE')?.value)
	const files = configFiles(bundle, path)
	if (!files.length && !commandLine && !environment.size) return undefined
	const problems: ConfigProblem[] = []
	const read = files.map(file => {
		const { keys, problem } = readConfigFile(file, answer(bundle, fileOf(file)) ?? '')
		if (problem) problems.push(problem)
		return { path: file, keys }
	})
	return {
		values: mergeAll(environment, mergeFiles(read), commandLine),
		files,
		problems,
		environment: new Map(
			[...environment].map(([name, { value }]) => [name, hideVariable(name, value, variables.get(name))]),
		),
		args: hideArguments(commandLine?.args ?? []),
	}
})

async function collect(ask: Ask): Promise<void> {
	const { node } = ask
	const unit = node.init === 'systemd' ? readCat((await askCat(ask)) ?? '') : []
	const paths = environmentPaths(node, unit).slice(0, 10)
	const texts = await Promise.all(paths.map(path => ask.file(path)))
	const variable = texts.map(text => /^\s*K3S_CONFIG_FILE=["']?([^"'\s]+)/m.exec(text ?? '')?.[1])
	const path = configPath(
		execLines(unit).flat(),
		variable.findLast(value => value !== undefined),
	)
	// k3s takes an http(s) URL as well; that is no file of this node.
	if (!path.startsWith('/')) return
	const dropIns = (await ask.names(`${path}.d`)).filter(isDropIn).slice(0, 100)
	await Promise.all([ask.file(path), ...dropIns.map(name => ask.file(`${path}.d/${name}`))])
}

export const config = source({
	name: 'config',
	title: 'k3s configuration',
	wants: ({ unit }) => [
		{ file: 'files/etc/rancher/k3s/config.yaml', askFor: 'cat /etc/rancher/k3s/config.yaml', optional: true },
		{
			file: `files/etc/systemd/system/${unit}.env`,
			askFor: `cat /etc/systemd/system/${unit}.env`,
			optional: true,
		},
	],
	collect,
	parse: readConfig,
})
