/** Steps that many remedies share. */
import type { NodeFacts } from './bundle.js'
import type { Step } from './remedy.js'

/** Start, stop or restart the k3s service of this node, as its service manager wants it said. */
export function serviceStep(node: NodeFacts, action: 'start' | 'stop' | 'restart'): Step {
	if (node.init === 'openrc') return { run: ['rc-service', node.unit.replace(/\.service$/, ''), action] }
	if (node.init === 'none')
		return { tell: `${action} k3s in the way that it is run here (container, script)` }
	// `--no-block`, because `restart` of a unit that never gets ready would wait for ever (TimeoutStartSec=0).
	return { run: ['systemctl', '--no-block', action, node.unit] }
}

/** Restart k3s and wait until it is ready. */
export function restartSteps(node: NodeFacts, limitSeconds = 180): Step[] {
	if (node.init !== 'systemd') return [serviceStep(node, 'restart')]
	return [serviceStep(node, 'restart'), { waitFor: { unitActive: node.unit }, limitSeconds }]
}

/** What a restart of k3s interrupts. Pods go on, because the unit's KillMode is `process`. */
export function interruptsOfRestart(node: NodeFacts): string {
	return node.role === 'agent'
		? 'this node is not managed for about 20 s; pods go on'
		: "this server's API for about 10 to 60 s; pods go on"
}
