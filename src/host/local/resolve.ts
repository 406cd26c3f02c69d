/**
 * Names to addresses, in a way that can be given up. getaddrinfo of Node itself cannot: with a name server that does
 * not answer it sleeps for half a minute, and Node does not end before it. So `getent` asks, as k3s would: with
 * /etc/hosts and nsswitch.conf.
 */

import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP, type LookupFunction } from 'node:net'
import { hostArgument } from '../../model/argument.js'
import { codeOf } from '../answer.js'
import { Overdue, within } from './limit.js'
import { run } from './run.js'

export class Unresolved extends Error {
	readonly code = 'ENOTFOUND'
}

/** Addresses of a name, at most four. Throws `Unresolved`, or `Overdue` without an answer in time. */
export async function addressesOf(host: string, limitMs: number): Promise<string[]> {
	const bare = host.replace(/^\[(.*)\]$/, '$1')
	if (isIP(bare)) return [bare]
	const name = hostArgument(bare)
	if (name === undefined) throw new Unresolved('not a host name')
	const asked = await run(['getent', 'ahosts', name], { limitSeconds: limitMs / 1000, maxBytes: 65536 })
	if (!asked.ok && asked.unavailable.why === 'timeout') throw new Overdue(`${name} was not resolved in time`)
	// 2: the name is not known. Anything else says more about getent than about the name.
	if (asked.ok && asked.value.exit === 2) throw new Unresolved(`${name} is not known`)
	const addresses = asked.ok ? firstWords(asked.value.stdout) : []
	return addresses.length > 0 ? addresses : withoutGetent(name, limitMs)
}

function firstWords(text: string): string[] {
	const words = text.split('\n').map(line => line.split(/\s/, 1)[0] ?? '')
	return [...new Set(words.filter(word => isIP(word)))].slice(0, 4)
}

async function withoutGetent(name: string, limitMs: number): Promise<string[]> {
	const own = addressesInHosts(await readFile('/etc/hosts', 'utf8').catch(() => ''), name)
	if (own.length > 0) return own
	const resolver = new Resolver({ timeout: limitMs, tries: 1 })
	try {
		const both = Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
		const answers = await within(limitMs, both)
		const found = answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
		if (found.length > 0) return found.slice(0, 4)
		const silent = answers.some(
			answer => answer.status === 'rejected' && codeOf(answer.reason) === 'ETIMEOUT',
		)
		throw silent ? new Overdue(`${name} was not resolved in time`) : new Unresolved(`${name} is not known`)
	} finally {
		resolver.cancel()
	}
}

/** The addresses that a hosts file gives a name. */
export function addressesInHosts(hosts: string, name: string): string[] {
	const found: string[] = []
	for (const line of hosts.split('\n')) {
		const [address, ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/)
		if (address && isIP(address) && names.some(other => other.toLowerCase() === name.toLowerCase()))
			found.push(address)
	}
	return found.slice(0, 4)
}

/** For `lookup` of node:net and its kin. */
export function lookupWithin(limitMs: number): LookupFunction {
	return (host, options, done) => {
		addressesOf(host, limitMs).then(
			addresses => {
				const all = addresses.map(address => ({ address, family: isIP(address) }))
				const [first] = all
				if (options.all) done(null, all)
				else if (first) done(null, first.address, first.family)
			},
			(error: Error) => done(error, '', 4),
		)
	}
}
