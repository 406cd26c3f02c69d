/** Where a k3s keeps its data. */
import { pathArgument } from '../../model/argument.js'
import type { Host } from '../host.js'
import type { Service } from './service.js'
import { flagValue } from './words.js'

const usual = '/var/lib/rancher/k3s'

/** As k3s decides: command line, environment, configuration; an odd value counts as none. */
export async function dataDirOf(host: Host, service: Service | undefined): Promise<string> {
	const args = service?.command?.args ?? []
	const given =
		flagValue(args, '--data-dir', '-d') ??
		service?.environment.get('K3S_DATA_DIR') ??
		(await configuredDataDir(
			host,
			flagValue(args, '--config', '-c') ??
				service?.environment.get('K3S_CONFIG_FILE') ??
				'/etc/rancher/k3s/config.yaml',
		))
	return pathArgument(given)?.replace(/(.)\/+$/, '$1') ?? usual
}

async function configuredDataDir(host: Host, config: string): Promise<string | undefined> {
	if (pathArgument(config) === undefined) return undefined
	const listed = await host.list(`${config}.d`)
	const dropIns = (listed.ok ? listed.value : []).filter(name => /\.ya?ml$/i.test(name)).sort()
	const texts = await Promise.all(
		[config, ...dropIns.map(name => `${config}.d/${name}`)].map(path => host.read(path)),
	)
	return texts.flatMap(answer => (answer.ok ? [dataDirIn(answer.value.text)] : [])).findLast(Boolean)
}

/** By line, not by YAML: the file may be broken, which is what we are here for. */
export function dataDirIn(yaml: string): string | undefined {
	return yaml
		.match(/^(?:data-dir|d):[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'][^#\n]*))/m)
		?.slice(1)
		.find(value => value !== undefined)
		?.trim()
}
