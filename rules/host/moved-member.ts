/** The embedded etcd's own word on where its members are. */
import type { Evidence, Message } from '../../src/rule.js'
import { spokenNow } from './state.js'

const notMember =
	/this server is (?:a )?not a member of the etcd cluster\. Found \[(?<found>[^\n]{0,4000}?)\], expect: (?<name>[^\s="]{1,253})=(?<now>[^\s"]{1,100})/

export interface MovedMember {
	name: string
	/** The address that the member list has. */
	before: string
	/** The address that this server has now. */
	now: string
	/** How many members there are. */
	members: number
	message: Message
}

function hostOf(url: string): string {
	const host = url.replace(/^https?:\/\//, '')
	return /^\[([^\]]{1,60})\]/.exec(host)?.[1] ?? host.replace(/:\d{1,5}$/, '')
}

/** This server is in the list by its name, but with another address: it has moved. */
export function movedMember(evidence: Evidence): MovedMember | undefined {
	for (const message of spokenNow(evidence)) {
		const groups = notMember.exec(message.lastText)?.groups
		if (!groups) continue
		const { found = '', name = '' } = groups
		const now = hostOf(groups.now ?? '')
		const members = found.split(' ').filter(Boolean)
		const own = members.find(member => member.startsWith(`${name}=`))
		const before = own === undefined ? '' : hostOf(own.slice(name.length + 1))
		if (before !== '' && before !== now) return { name, before, now, members: members.length, message }
	}
	return undefined
}
