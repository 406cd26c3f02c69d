/** Asks one resolver for one name, whatever the host itself asks. */
import { Resolver } from 'node:dns/promises'
import { isIPv6 } from 'node:net'
import type { NameAnswer } from '../model/evidence/index.js'
import { codeOf, since } from './answer.js'

/** Never throws; ends within about twice the limit. */
export async function queryName(server: string, name: string, limitMs = 2000): Promise<NameAnswer> {
	const started = performance.now()
	const about = { server, name }
	try {
		const resolver = new Resolver({ timeout: limitMs, tries: 1 })
		resolver.setServers([server])
		const addresses = isIPv6(server) ? await resolver.resolve6(name) : await resolver.resolve4(name)
		return { ...about, addresses, ms: since(started) }
	} catch (error) {
		return { ...about, addresses: [], error: codeOf(error) || 'failed', ms: since(started) }
	}
}
