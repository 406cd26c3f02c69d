/** A Kubernetes action as the `k3s kubectl` command that performs it; the same is printed and run. */
import type { Argv, KubeAction, KubeObject } from './remedy.js'

const kubectl = ['k3s', 'kubectl'] as const

export function kubeArgv(action: KubeAction): Argv {
	if ('uncordon' in action) return [...kubectl, 'uncordon', action.uncordon]
	if ('cordon' in action) return [...kubectl, 'cordon', action.cordon]
	if ('deletePod' in action) {
		const argv: Argv = [...kubectl, 'delete', ...objectWords({ kind: 'pod', ...action.deletePod })]
		// Without --wait=false a pod with a finalizer would hold the plan up until its limit.
		return action.force ? [...argv, '--grace-period=0', '--force', '--wait=false'] : [...argv, '--wait=false']
	}
	if ('delete' in action) return [...kubectl, 'delete', ...objectWords(action.delete), '--wait=false']
	if ('scale' in action) {
		return [...kubectl, 'scale', ...objectWords(action.scale), `--replicas=${action.replicas}`]
	}
	if ('restart' in action) return [...kubectl, 'rollout', 'restart', ...objectWords(action.restart)]
	if ('patch' in action) {
		const patch = JSON.stringify(action.with) ?? 'null'
		return [...kubectl, 'patch', ...objectWords(action.patch), `--type=${action.type}`, `--patch=${patch}`]
	}
	if ('untaint' in action) {
		return [...kubectl, 'taint', 'node', action.untaint, `${action.key}:${action.effect}-`]
	}
	const marked = 'annotate' in action ? action.annotate : action.label
	const verb = 'annotate' in action ? 'annotate' : 'label'
	const mark = action.value === null ? [`${action.key}-`] : ['--overwrite', `${action.key}=${action.value}`]
	return [...kubectl, verb, ...objectWords(marked), ...mark]
}

/** `-n kube-system deployment/coredns`. */
export function objectWords({ kind, namespace, name }: KubeObject): string[] {
	return [...(namespace === undefined ? [] : ['-n', namespace]), `${kind}/${name}`]
}
