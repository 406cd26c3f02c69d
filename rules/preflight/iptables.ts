import { check, fail, pass, warn } from '../../src/check.js'

export default check({
	id: 'iptables',
	list: 'preflight',
	title: 'iptables is none of the faulty versions',
	explain:
		'k3s takes the iptables programs of the host, or its own where there are none. iptables 1.8.0 to 1.8.4 on nftables doubles rules at each sync until services fail.',
	docs: ['https://docs.k3s.io/known-issues#iptables'],
	needs: ['firewall'],
	look: ({ firewall }) => {
		const { iptablesVersion: version, iptablesMissing, legacyTables } = firewall
		if (iptablesMissing) return pass('none is installed: k3s brings its own')
		if (version === undefined) return undefined
		const quote = { file: 'commands/iptables-version.txt', line: 1, text: version }
		const seen = { source: 'firewall' as const, quote }
		if (/v?1\.8\.[0-4] \(nf_tables\)/.test(version))
			return fail(`${version} doubles rules`, {
				...seen,
				do: [
					{
						tell: 'Remove it, so that k3s takes its own, or let k3s prefer its own (prefer-bundled-bin: true), or use the legacy variant:',
						commands: [
							'apt-get remove iptables nftables',
							'update-alternatives --set iptables /usr/sbin/iptables-legacy',
						],
					},
				],
			})
		if (legacyTables)
			return warn(
				'both the nft and the legacy tables hold rules: whose rules win depends on who writes them',
				{
					...seen,
					do: [
						{
							tell: 'See what stands in the legacy ones, and take it out:',
							commands: ['iptables-legacy-save'],
						},
					],
				},
			)
		return pass(version, seen)
	},
})
