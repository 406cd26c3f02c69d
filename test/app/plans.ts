/** Made-up plans and runs for the state machine, as the node would make them. */

import { frozen } from '../../src/model/confirmed.js'
import type { Plan, PlannedStep } from '../../src/model/plan.js'
import type { Risk } from '../../src/model/remedy.js'

let made = 0

/** Of the node of the made-up subjects. Each plan is another one. */
export function planOf(more: Partial<Plan> & { risk?: Risk } = {}): Plan {
	made += 1
	const steps: PlannedStep[] = [
		{
			kind: 'write',
			says: 'Edit /etc/rancher/k3s/config.yaml',
			path: '/etc/rancher/k3s/config.yaml',
			before: { is: 'absent' },
			content: 'a: 2\n',
			mode: 0o600,
			uid: 0,
			gid: 0,
			diff: '--- a\n+++ b\n@@ -1 +1 @@\n-a: 1\n+a: 2\n',
			hunks: [],
			folders: [],
		},
		{
			kind: 'run',
			says: 'Run systemctl restart k3s',
			shown: 'systemctl restart k3s',
			argv: ['systemctl', 'restart', 'k3s'],
			limitSeconds: 120,
			exits: [0],
		},
	]
	return frozen<Plan>({
		kind: 'remedy',
		cause: 'disk-full',
		title: 'Mend disk-full',
		why: 'It helps.',
		number: 1,
		risk: 'restart',
		interrupts: 'the API for 20 s',
		node: {
			hostname: 'node-1',
			role: 'server',
			unit: 'k3s.service',
			init: 'systemd',
			dataDir: '/var/lib/rancher/k3s',
		},
		as: 'root',
		steps,
		backup: { folder: '/var/lib/rancher/k3s/doctor/backups/20261121T041000-000Z-disk-full', bytes: 5 },
		undo: { says: ['Put it back as it was'], not: [], commands: [], restores: [] },
		recheck: ['units'],
		preconditions: [{ says: 'the doctor runs as root', state: 'met', why: 'it does' }],
		refusals: [],
		onlyTells: false,
		fingerprint: `print ${made}`,
		...more,
	})
}
