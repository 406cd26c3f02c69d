/** The table of events below a description, without the description: what most people paste of it. */
import { type Placed, placed, type Source } from '../draft.js'

const heading = /^[ \t>]*Type\s+Reason\s+Age\s+From\s+Message\s*$/m
const assigned =
	/\bSuccessfully assigned (?<namespace>[a-z0-9-]{1,63})\/(?<pod>[a-z0-9.-]{1,253}) to (?<node>[A-Za-z0-9.-]{1,253})\s*$/m
const pulled = /\bFailed to pull image "(?<image>[^"\s]{1,500})"/

/** Whether there is such a table, and nothing but the scheduler's word that says of which pod. */
export function isBareEvents(text: string): boolean {
	const head = text.slice(0, 64 * 1024)
	return heading.test(head) && assigned.test(head) && !/^Name: {2,}\S/m.test(head)
}

/** The pod, as far as its events tell: the scheduler names it. `undefined` where they do not. */
export function blockOfEvents(from: Source): Placed[] | undefined {
	const { namespace, pod, node } = assigned.exec(from.text)?.groups ?? {}
	if (!namespace || !pod || !node) return undefined
	const image = pulled.exec(from.text)?.groups?.image
	const told = [
		`Name:  ${pod}`,
		`Namespace:  ${namespace}`,
		`Node:  ${node}`,
		'Status:  Pending',
		'Containers:',
		'  app:',
		...(image === undefined ? [] : [`    Image:  ${image}`]),
		'    State:  Waiting',
		`      Reason:  ${image === undefined ? 'ContainerCreating' : 'ErrImagePull'}`,
		'    Ready:  False',
		'    Restart Count:  0',
		'Events:',
	]
	const rows = placed(from).filter(({ text }) => !/^\s*Events:\s*$/.test(text))
	return [
		...told.map(text => ({ text, file: from.file, line: 0 })),
		...rows.map(line => ({ ...line, text: `  ${line.text.replace(/^[ \t>]+/, '')}` })),
	]
}
