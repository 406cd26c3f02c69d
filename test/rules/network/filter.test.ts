import { describe, expect, it } from 'vitest'
import { droppedBy } from '../../../rules/network/filter.js'
import type { Packet } from '../../../rules/network/filter-match.js'
import { firewall } from '../../../src/sources/firewall.js'
import { bundleOf } from '../../bundle-of.js'
import { iptables } from './net-text.js'

const packet: Packet = {
	hook: 'INPUT',
	protocol: 'tcp',
	port: 6443,
	source: '10.0.0.2',
	destination: '10.0.0.1',
	inInterface: 'eth0',
}

function fate(files: Record<string, string>, changes: Partial<Packet> = {}): string | undefined {
	return droppedBy(firewall.parse(bundleOf(files)), { ...packet, ...changes })?.quote.text
}

const drop = '-A INPUT -p tcp -m tcp --dport 6443 -j DROP'

describe('a rule of iptables', () => {
	it.each([
		drop,
		'-A INPUT -p tcp -m multiport --dports 22,6000:7000 -j REJECT --reject-with tcp-reset',
		'-A INPUT ! -s 192.168.0.0/16 -i eth+ -p tcp -m comment --comment "from \\"outside\\"" -j DROP',
		'-A INPUT -p tcp -m tcp ! --dport 22 -m conntrack --ctstate NEW -j DROP',
		'-A INPUT -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP',
	])('drops: %s', rule => {
		expect(fate(iptables([rule]))).toBe(rule)
	})

	it.each([
		'-A INPUT -p udp -m udp --dport 6443 -j DROP',
		'-A INPUT -p tcp -m tcp --dport 6444 -j DROP',
		'-A INPUT -p tcp -m tcp --sport 6443 -j DROP',
		'-A INPUT -s 192.168.0.0/16 -p tcp -j DROP',
		'-A INPUT -i eth1 -p tcp -j DROP',
		'-A INPUT -m conntrack --ctstate INVALID -j DROP',
		'-A INPUT -p tcp -m set --match-set banned src -j DROP',
		'-A INPUT -p tcp -m limit --limit 5/sec -j DROP',
		'-A INPUT -p icmp -j DROP',
		'-A OUTPUT -p tcp -m tcp --dport 6443 -j DROP',
		'-A INPUT -j KUBE-FIREWALL',
	])('lets pass, or may: %s', rule => {
		expect(fate(iptables([rule]))).toBeUndefined()
	})

	it('counts only behind those that let the packet pass', () => {
		expect(fate(iptables(['-A INPUT -s 10.0.0.0/8 -j ACCEPT', drop]))).toBeUndefined()
		expect(fate(iptables(['-A INPUT -m set --match-set friends src -j ACCEPT', drop]))).toBeUndefined()
		expect(fate(iptables(['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', drop]))).toBe(drop)
	})

	it('is found in the chains that are jumped to', () => {
		const inner = '-A mine -p tcp -m tcp --dport 6443 -j DROP'
		expect(fate(iptables(['-A INPUT -j mine', '-A mine -p tcp -m tcp --dport 80 -j ACCEPT', inner]))).toBe(
			inner,
		)
		expect(fate(iptables(['-A INPUT -j mine', '-A mine -s 10.0.0.0/8 -j RETURN', inner]))).toBeUndefined()
		expect(fate(iptables(['-A INPUT -p tcp -m set --match-set x src -j mine', inner]))).toBeUndefined()
	})

	it('does not run in circles', () => {
		expect(fate(iptables(['-A INPUT -j one', '-A one -j two', '-A two -j one', drop]))).toBeUndefined()
	})
})

describe('a policy', () => {
	it('drops what no rule lets pass', () => {
		expect(fate(iptables([], { input: 'DROP' }))).toContain('policy DROP')
		expect(fate(iptables(['-A INPUT -p tcp --dport 22 -j ACCEPT'], { input: 'DROP' }))).toContain(
			'policy DROP',
		)
		expect(fate(iptables(['-A INPUT -p tcp --dport 6443 -j ACCEPT'], { input: 'DROP' }))).toBeUndefined()
		expect(fate(iptables(['-A INPUT -m set --match-set x src -j ACCEPT'], { input: 'DROP' }))).toBeUndefined()
	})

	const ufw = [
		'-A INPUT -j ufw-before-input',
		'-A INPUT -j ufw-after-input',
		'-A ufw-before-input -i lo -j ACCEPT',
		'-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
		'-A ufw-before-input -m conntrack --ctstate INVALID -j DROP',
		'-A ufw-before-input -j ufw-not-local',
		'-A ufw-before-input -j ufw-user-input',
		'-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN',
		'-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN',
		'-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny',
		'-A ufw-not-local -j DROP',
		'-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT',
	]

	it('of ufw is understood', () => {
		expect(fate(iptables(ufw, { input: 'DROP' }))).toContain('policy DROP')
		const allowed = [...ufw, '-A ufw-user-input -p tcp -m tcp --dport 6443 -j ACCEPT']
		expect(fate(iptables(allowed, { input: 'DROP' }))).toBeUndefined()
		expect(fate(iptables(ufw, { input: 'DROP' }), { inInterface: 'lo' })).toBeUndefined()
	})
})

const firewalld = (zone: string) => `table inet firewalld {
	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		jump filter_INPUT_ZONES
		reject with icmpx admin-prohibited
	}
	chain filter_INPUT_ZONES {
		ip saddr 10.42.0.0/16 goto filter_IN_trusted
		iifname "eth0" goto filter_IN_public
		goto filter_IN_public
	}
	chain filter_IN_trusted {
		accept
	}
	chain filter_IN_public {
		meta l4proto { icmp, ipv6-icmp } accept
		tcp dport 22 ct state { new, untracked } accept
		${zone}
	}
}
`

describe('nftables', () => {
	const files = (zone = '') => ({ ...iptables([]), 'commands/nft-ruleset.txt': firewalld(zone) })

	it('of firewalld are followed through their zones', () => {
		expect(fate(files())).toBe('reject with icmpx admin-prohibited')
		expect(fate(files('tcp dport 6443 accept'))).toBeUndefined()
		expect(fate(files(), { source: '10.42.0.7', inInterface: 'cni0' })).toBeUndefined()
		expect(fate(files(), { dnat: true })).toBeUndefined()
	})

	it('of another family are not asked', () => {
		const six =
			'table ip6 mine {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n'
		expect(fate({ ...iptables([]), 'commands/nft-ruleset.txt': six })).toBeUndefined()
		expect(
			fate(
				{ ...iptables([]), 'commands/nft-ruleset.txt': six },
				{ source: 'fd00::2', destination: 'fd00::1' },
			),
		).toContain('policy DROP')
	})

	it('with maps and sets are left undecided', () => {
		const map =
			'table inet f {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tiifname vmap { "eth0" : jump x }\n\t}\n}\n'
		expect(fate({ ...iptables([]), 'commands/nft-ruleset.txt': map })).toBeUndefined()
		const states = map.replace(
			'iifname vmap { "eth0" : jump x }',
			'ct state vmap { established : accept, related : accept, invalid : drop }',
		)
		expect(fate({ ...iptables([]), 'commands/nft-ruleset.txt': states })).toContain('policy DROP')
	})
})
