/**
 * What the doctor never does, whatever a rule says: the net under the rules. Also how risky a step is at least,
 * so that a remedy cannot be confirmed more lightly than it deserves.
 */
import type { Evidence } from '../model/evidence/index.js'
import { kubeArgv } from '../model/kubectl.js'
import type { Argv, Remedy, Risk, Step } from '../model/remedy.js'
import { holdsMask } from './secrets.js'
import { holdsUnprintable } from './unprintable.js'

const interpreters =
	/^(sh|bash|dash|zsh|ash|ksh|csh|tcsh|fish|busybox|eval|xargs|sudo|perl|python[0-9.]*|ruby|awk|gawk|mawk|node|ssh)$/
/** There are file steps for these, which keep a copy and can be taken back. */
const fileTools = /^(rm|rmdir|unlink|mv|dd|mkfs(\..*)?|wipefs|shred|truncate|tee|sed|install|ln|cp)$/

/** Why this command is never run; `undefined` where nothing speaks against it. */
export function forbiddenCommand(argv: Argv, evidence: Evidence): string | undefined {
	const [program] = argv
	const name = program.slice(program.lastIndexOf('/') + 1)
	const words = argv.slice(1)
	if (argv.some(word => holdsUnprintable(word) || !word.isWellFormed()))
		return 'a word of the command holds control characters'
	if (argv.some(holdsMask)) return 'the command needs a secret that was masked where it was read'
	if (name === '' || program.startsWith('-')) return 'there is no program in the command'
	if (interpreters.test(name)) return `commands are not handed to ${name}`
	if (fileTools.test(name)) return `files are not changed by ${name}, but by steps that keep a copy`
	if (/^k3s(-agent|-.*)?-uninstall\.sh$/.test(name)) return 'k3s is not uninstalled by the doctor'
	if (
		name === 'reboot' ||
		name === 'shutdown' ||
		(name === 'systemctl' && /^(reboot|poweroff|halt|kexec)$/.test(verbOf(words)))
	)
		return 'the host is restarted by the operator, not by the doctor'
	if (name === 'k3s-killall.sh' && runsCilium(evidence))
		return 'k3s-killall.sh on a node with Cilium cuts the host off from the network'
	if (words.includes('rotate-ca') && words.includes('--force'))
		return 'certificate authorities are not replaced by force'
	return deletedNode(argv) === undefined ? undefined : forbiddenNode(deletedNode(argv) ?? '', evidence)
}

export function verbOf(words: readonly string[]): string {
	return words.find(word => !word.startsWith('-')) ?? ''
}

function runsCilium({ cluster, runtime }: Evidence): boolean {
	return [...(cluster?.pods ?? []), ...(runtime?.pods ?? [])].some(({ name }) => name.startsWith('cilium'))
}

/** The node that a `kubectl delete node` removes. */
function deletedNode(argv: Argv): string | undefined {
	const at = argv.indexOf('delete')
	const rest = argv.slice(at + 1).filter(word => !word.startsWith('-'))
	if (at < 0 || !argv.includes('kubectl')) return undefined
	const [kind = '', name = ''] = (rest[0] ?? '').split('/')
	return /^(no|nodes?)$/.test(kind) ? name || (rest[1] ?? '') : undefined
}

/** With two voters, removing one leaves a cluster that cannot elect anybody while the change is under way. */
function forbiddenNode(name: string, { cluster }: Evidence): string | undefined {
	const voters = cluster?.nodes?.filter(({ labels }) => labels['node-role.kubernetes.io/etcd'] === 'true')
	if (!voters) return `whether ${name} is one of few etcd members could not be seen`
	return voters.length <= 2 && voters.some(voter => voter.name === name)
		? `${name} is one of ${voters.length} etcd members: without it there is no majority`
		: undefined
}

/** Folders whose loss is the loss of the cluster, of its identity or of its volumes. */
function precious(dataDir: string): string[] {
	return ['server/db', 'server/tls', 'server/cred', 'server/token', 'storage'].map(
		name => `${dataDir}/${name}`,
	)
}

const isOrHolds = (path: string, inner: string) =>
	inner === path || inner.startsWith(path === '/' ? '/' : `${path}/`)

/** Why this path neither goes away nor is moved. */
export function forbiddenMove(path: string, dataDir: string): string | undefined {
	const much = path.split('/').filter(Boolean).length < 3 || isOrHolds(path, dataDir)
	return much ? `${path} holds too much to be moved or removed` : undefined
}

/** Why this path is never removed. */
export function forbiddenRemoval(path: string, keep: boolean, dataDir: string): string | undefined {
	const much = forbiddenMove(path, dataDir)
	if (much) return much
	const lost = precious(dataDir).find(each => isOrHolds(path, each))
	if (lost) return `${lost} is never removed`
	if (isOrHolds(`${dataDir}/storage`, path)) return 'volumes of pods are never removed'
	const inside = precious(dataDir).find(each => isOrHolds(each, path))
	const snapshot = isOrHolds(`${dataDir}/server/db/snapshots`, path)
	return !keep && inside && !snapshot ? `${path} is never removed without a copy` : undefined
}

const order: readonly Risk[] = ['safe', 'restart', 'destructive']

/** The risk that a remedy states, or that of its most dangerous step where that is higher. */
export function riskOf(remedy: Remedy, dataDir: string): Risk {
	const risks = [remedy.risk, ...remedy.steps.map(step => leastRisk(step, dataDir))]
	return order[Math.max(...risks.map(risk => order.indexOf(risk)))] ?? 'destructive'
}

function leastRisk(step: Step, dataDir: string): Risk {
	if ('run' in step) return leastRiskOfCommand(step.run)
	if ('kube' in step) return leastRiskOfCommand(kubeArgv(step.kube))
	if ('move' in step && precious(dataDir).some(path => isOrHolds(step.move, path))) return 'destructive'
	return 'safe'
}

function leastRiskOfCommand(argv: Argv): Risk {
	const [program, ...words] = argv
	const name = program.slice(program.lastIndexOf('/') + 1)
	if (argv.includes('--cluster-reset') || argv.includes('rotate-ca') || deletedNode(argv) !== undefined)
		return 'destructive'
	if (name === 'k3s-killall.sh') return 'destructive'
	const kubectl = argv.indexOf('kubectl')
	if (kubectl >= 0) {
		const verb = verbOf(argv.slice(kubectl + 1))
		if (argv.includes('--force')) return 'destructive'
		// What a controller makes again at once interrupts nothing.
		if (verb === 'delete' && argv.some(word => /^(secrets?|jobs?(\.batch)?)(\/|$)/.test(word))) return 'safe'
		return /^(delete|drain|rollout|scale)$/.test(verb) ? 'restart' : 'safe'
	}
	const interrupting = /^(stop|restart|try-restart|reload-or-restart|kill|isolate)$/
	if (name === 'systemctl') return interrupting.test(verbOf(words)) ? 'restart' : 'safe'
	return name === 'rc-service' && words.some(word => interrupting.test(word)) ? 'restart' : 'safe'
}
