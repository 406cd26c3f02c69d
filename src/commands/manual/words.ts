/** What the manual says beyond the tables of commands and options. */

export const introduction: readonly string[] = [
	'k3s-doctor examines a k3s server or agent: the systemd unit, the journal start by start, containerd, configuration as k3s merges it, certificates, ports, disks, memory, kernel, network, packet filters, names, clock, datastore, container runtime, pods, nodes and events. It tells what is broken, the root cause first and its consequences folded under it, with the evidence for it and the commands that mend it.',
	'On a terminal it opens an app; into a pipe it prints a report. It works with the API server up or down, on the node itself or on a saved bundle of it, and changes nothing without a yes. What it could not look at, it says. Most of a node can be seen by root only.',
]

export const environment: readonly (readonly [string, string])[] = [
	['NO_COLOR', 'When set, nothing is coloured.'],
	['FORCE_COLOR', 'When set and not 0, the report is coloured in a pipe, too.'],
	['COLUMNS', 'Width of reports that do not go to a terminal; 100 without it.'],
	['TERM', 'With dumb the report is printed instead of opening the app.'],
	['K3S_DOCTOR_BACKGROUND', 'light or dark, where the app guesses the background wrongly.'],
]

export const files: readonly (readonly [string, string])[] = [
	['/etc/rancher/k3s/config.yaml', 'Configuration of k3s, with its drop-ins in config.yaml.d.'],
	['/var/lib/rancher/k3s', 'Data directory of k3s; --data-dir names another one.'],
]

export const examples: readonly (readonly [string, string])[] = [
	['Examine this node', 'sudo k3s-doctor'],
	[
		'Take everything along that is needed to look at it elsewhere, secrets masked',
		'sudo k3s-doctor collect -o node.tar.gz',
	],
	['Look at it there', 'k3s-doctor --from node.tar.gz'],
	['Only the log is at hand', 'journalctl -u k3s | k3s-doctor --from -'],
	['In a script: fail on warnings, too', 'k3s-doctor diagnose --format json --fail-on warning'],
	['Show what would mend the first diagnosis, and run nothing', 'sudo k3s-doctor fix --dry-run'],
]
