/** Packet filters: iptables, nftables, ufw, firewalld. */
import { type Bundle, entryOf } from '../model/bundle.js'
import type { FirewallEvidence } from '../model/evidence/index.js'
import { readIptables } from './firewall/iptables.js'
import { readNft } from './firewall/nft.js'
import { firstLine } from './lines.js'
import { type Ask, source } from './source.js'

const save = 'commands/iptables-save.txt'
const save6 = 'commands/ip6tables-save.txt'
const nftables = 'commands/nft-ruleset.txt'
const version = 'commands/iptables-version.txt'
const ufwStatus = 'commands/ufw-status.txt'
const zones = 'commands/firewall-cmd.txt'

/** 127: the program was not found. */
function isMissing(bundle: Bundle): boolean {
	const entry = entryOf(bundle, version)
	if (bundle.files.get(version)?.trim() || bundle.files.has(save)) return false
	return entry?.why === 'absent' || entry?.exit === 127
}

function ufwOf(bundle: Bundle): FirewallEvidence['ufw'] {
	const text = bundle.files.get(ufwStatus)
	const status = /^Status: (\w+)/m.exec(text?.slice(0, 4096) ?? '')?.[1]
	return text !== undefined && status !== undefined ? { active: status === 'active', text } : undefined
}

function firewalldOf(bundle: Bundle): FirewallEvidence['firewalld'] {
	const text = bundle.files.get(zones) ?? ''
	const said = `${text.slice(0, 4096)}\n${entryOf(bundle, zones)?.stderr ?? ''}`
	// Exit status 252, and the words on standard error.
	if (/not running/i.test(said)) return { running: false, text }
	return text.trim() === '' ? undefined : { running: true, text }
}

/** Both back ends keep rules, and the kernel obeys both. */
function warnsOfLegacy(bundle: Bundle): boolean {
	return [save, save6].some(file => {
		const said = `${bundle.files.get(file)?.slice(-2000) ?? ''}\n${entryOf(bundle, file)?.stderr ?? ''}`
		return /iptables-legacy tables present/.test(said)
	})
}

function parse(bundle: Bundle): FirewallEvidence | undefined {
	const saved = bundle.files.get(save)
	const nft = bundle.files.get(nftables)
	const iptablesMissing = isMissing(bundle)
	// Without root nothing lists its rules, and "no rule" would be a lie.
	if (saved === undefined && nft === undefined && !iptablesMissing) return undefined
	const tables = readIptables(saved, save)
	const own = readNft(nft, nftables)
	const iptablesVersion = firstLine(bundle.files.get(version))
	const ufw = ufwOf(bundle)
	const firewalld = firewalldOf(bundle)
	return {
		policies: new Map([...tables.policies, ...own.policies]),
		rules: tables.rules,
		rules6: readIptables(bundle.files.get(save6), save6).rules,
		...(nft !== undefined && { nft, nftRules: own.rules }),
		...(warnsOfLegacy(bundle) && { legacyTables: true }),
		...(iptablesVersion !== undefined && { iptablesVersion }),
		iptablesMissing,
		...(ufw && { ufw }),
		...(firewalld && { firewalld }),
	}
}

async function collect(ask: Ask): Promise<void> {
	await Promise.all([
		ask.run(version, ['iptables', '--version']),
		ask.run(save, ['iptables-save']),
		ask.run(save6, ['ip6tables-save']),
		ask.run(nftables, ['nft', 'list', 'ruleset']),
		ask.run(ufwStatus, ['ufw', 'status', 'verbose']),
		ask.run(zones, ['firewall-cmd', '--list-all-zones']),
	])
}

export const firewall = source({
	name: 'firewall',
	title: 'packet filters',
	wants: node => [
		// A host without iptables is an answer of its own; only without root it is refused without a word.
		{ file: save, askFor: 'iptables-save', optional: node.root },
		{ file: save6, askFor: 'ip6tables-save', optional: true },
		{ file: nftables, askFor: 'nft list ruleset', optional: true },
		{ file: version, askFor: 'iptables --version', optional: true },
		{ file: ufwStatus, askFor: 'ufw status verbose', optional: true },
		{ file: zones, askFor: 'firewall-cmd --list-all-zones', optional: true },
	],
	collect,
	parse,
})
