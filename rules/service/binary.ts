/** What the three faults of the binary have in common. */
import type { Evidence, ListedFile, NodeFacts, Remedy } from '../../src/rule.js'

/** The program that the unit runs, as the unit or the usual place names it. */
export function binaryPath({ units }: Evidence): string {
	return units?.own?.exec[0]?.[0] ?? '/usr/local/bin/k3s'
}

export function binaryFile(evidence: Evidence): ListedFile | undefined {
	return evidence.files?.listed.get(binaryPath(evidence))
}

/** systemd could not execute the program: status 203. */
export function execFailed({ units, journal }: Evidence): boolean {
	return units?.own?.exitStatus === 203 || journal?.current.some(({ end }) => end?.how === 'exec') === true
}

/** Install the same version again: the program is replaced, configuration and data stay. */
export function reinstall(node: NodeFacts, version: string | undefined, why: string): Remedy {
	const fits = version && /^v\d+\.\d+\.\d+[a-z0-9.+-]*$/.test(version) ? version : 'VERSION'
	const kind = node.role === 'agent' ? 'agent' : 'server'
	return {
		title: 'Put the right k3s binary in place',
		why,
		risk: 'restart',
		interrupts: 'nothing that runs: k3s is down anyway',
		steps: [
			{
				tell: 'Run the installer again with the same settings as before (it keeps data and config.yaml), or copy the binary of a release by hand. On an airgapped host add INSTALL_K3S_SKIP_DOWNLOAD=true after copying the binary.',
				commands: [
					'uname -m',
					`curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=${fits} sh -s - ${kind}`,
					`systemctl restart ${node.unit}`,
				],
			},
		],
		recheck: ['units', 'journal', 'k3s', 'files'],
	}
}
