import type { NodeFacts } from '../model/bundle.js'

/** k3s's subcommands know a data directory from config.yaml, but not from the unit's command line. */
export function dataDirFlag({ dataDir }: NodeFacts): string[] {
	return dataDir === '/var/lib/rancher/k3s' ? [] : ['--data-dir', dataDir]
}
