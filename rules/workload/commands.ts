/** Commands for a person to type, as text. */
import { kubeNameArgument, type NodeFacts } from '../../src/rule.js'

/** How k3s is restarted on this node. */
export function restartCommand(node: NodeFacts): string {
	const name = node.unit.replace(/\.service$/, '')
	return node.init === 'openrc' ? `rc-service ${name} restart` : `systemctl restart ${name}`
}

/** `-n shop`, with a word to fill in where the name is not known or not one that belongs into a command. */
export function inNamespace(namespace: string | undefined): string {
	return `-n ${kubeNameArgument(namespace) ?? 'NAMESPACE'}`
}

/** A name of an object, or a word to fill in. */
export function nameOr(name: string | undefined, otherwise: string): string {
	return kubeNameArgument(name) ?? otherwise
}

/** An entry of registries.yaml that sends a registry's images elsewhere, on one line. */
export function mirrorEntry(host: string, endpoint = 'https://MIRROR'): string {
	return `mirrors: {"${host}": {endpoint: ["${endpoint}"]}}`
}

/** Credentials in registries.yaml, on one line. */
export function authEntry(host: string): string {
	return `configs: {"${host}": {auth: {username: NAME, password: TOKEN}}}`
}
