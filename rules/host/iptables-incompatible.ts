import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	proof,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { installCommands } from './packages.js'
import { said } from './said.js'
import { goesOn, isRunning, isTroubled, lastWordMatches } from './state.js'

const notThere =
	/iptables is not available on this host|iptables binary was not found|exec: \\?"?ip6?tables(?:-save|-restore)?\\?"?: executable file not found|executable file not found in \$PATH[^\n]{0,40}iptables/

const refused =
	/failed to initialize flannel ip6?Tables manager|failed to setup masq rules|failed to setup IPTables|unable to run ip6?tables-restore|failed to create (?:iptables|ipset) handler|unable to initialize network policy controller: exit status|Couldn't (?:load|find) (?:match|target) |Failed to setup top level chains|[Ff]ailed to run iptables command to (?:insert|create)|failed to list rules in filter table|Failed to execute ip6?tables-restore|Aborting sync\. Failed to run ip6?tables-restore|(?:RULE_APPEND|CHAIN_ADD|RULE_INSERT) failed|error listing chain "POSTROUTING"/i

/** nftables variants that doubled rules at each sync. */
function isBuggy({ firewall }: Evidence): boolean {
	return /v?1\.8\.[0-4] \(nf_tables\)/.test(firewall?.iptablesVersion ?? '')
}

/** Rules of k3s that stand there more than once, as the buggy versions leave them. */
function doubledRules({ firewall }: Evidence): number {
	const seen = new Set<string>()
	let doubled = 0
	for (const { table, text } of firewall?.rules ?? []) {
		if (!/KUBE-|CNI-|FLANNEL/.test(text)) continue
		const key = `${table} ${text}`
		if (seen.has(key)) doubled += 1
		seen.add(key)
	}
	return doubled
}

export default rule({
	cause: 'iptables-incompatible',
	title: 'iptables is missing, or does not work here',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'kube-proxy, flannel and the network policy controller write their rules with the iptables programs of the host, or with those that k3s brings along. They are not there, are a version with a known fault, do not fit the kernel, or write into the old tables while others write into the new ones (nft and legacy mixed). Services and pod networks do not work then, and often k3s itself ends.',
	docs: [
		'https://docs.k3s.io/known-issues#iptables',
		'https://docs.k3s.io/advanced#additional-os-preparations',
	],
	signs: [
		said(notThere, 'k3s does not find the program iptables'),
		said(refused, match => `a packet filter could not be set up: ${match[0]}`, {
			if: (evidence, { lastText, count }) =>
				!notThere.test(lastText) &&
				!/Resource temporarily unavailable|xtables lock|no space left/.test(lastText) &&
				(!isRunning(evidence) || count > 2),
		}),
		fact(['firewall', 'service'], ({ firewall }, evidence) => {
			// k3s brings its own programs along, so that their lack on the host alone is no fault.
			if (!firewall.iptablesMissing || !isTroubled(evidence)) return undefined
			if (!lastWordMatches(evidence, /iptables|ipset|masq/i)) return undefined
			return proof('firewall', 'this host has no program iptables', {
				quote: { file: 'commands/iptables-version.txt', text: 'iptables: not found' },
			})
		}),
		fact(['firewall'], ({ firewall }, evidence) => {
			if (!isBuggy(evidence)) return undefined
			const doubled = doubledRules(evidence)
			const version = firewall.iptablesVersion ?? ''
			const cite = { quote: { file: 'commands/iptables-version.txt', line: 1, text: version } }
			return doubled >= 20
				? strong(
						'firewall',
						`${version.trim()} doubles rules: ${doubled} of k3s's stand there more than once`,
						cite,
					)
				: hint('firewall', `${version.trim()} is known to double rules and to lose some`, cite)
		}),
		fact(['firewall', 'journal'], ({ firewall, journal }, evidence) => {
			const failing = journal.messages.some(
				({ lastText, lastAt }) => refused.test(lastText) && goesOn(evidence, lastAt),
			)
			return (
				failing &&
				firewall.legacyTables === true &&
				hint('firewall', 'rules stand in the legacy tables and in nftables at once')
			)
		}),
	],
	leadsTo: [
		'kube-proxy-failed',
		'flannel-start-failed',
		'cni-not-ready',
		'netpol-blocks',
		'coredns-down',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node, firewall, kernel, config } = evidence
		const install: Remedy = {
			title: 'Install iptables on the host',
			why: 'The program is called by kube-proxy, flannel and the network policy controller.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: 'With the package manager of the host:',
					commands: installCommands(kernel, {
						apt: 'iptables',
						dnf: 'iptables-nft',
						zypper: 'iptables',
						apk: 'iptables ip6tables',
					}),
				},
				...restartSteps(node),
			],
			recheck: ['firewall', 'units', 'journal'],
		}
		const bundled: Remedy | undefined =
			configValue(config, 'prefer-bundled-bin') === 'true'
				? undefined
				: {
						title: 'Use the iptables that k3s brings along',
						why: 'With prefer-bundled-bin k3s calls its own, tested version before that of the host.',
						risk: 'restart',
						interrupts: interruptsOfRestart(node),
						steps: [
							{ edit: '/etc/rancher/k3s/config.yaml', set: { 'prefer-bundled-bin': true } },
							...restartSteps(node),
						],
						recheck: ['firewall', 'units', 'journal'],
					}
		const flush: Remedy = {
			title: 'Remove the stale rules and let k3s write them anew',
			why: 'Doubled or mixed rules stay until they are removed; k3s-killall.sh removes those of k3s. Not on nodes with Cilium: delete its links first, or the host loses its network.',
			risk: 'destructive',
			interrupts: 'all pods of this node, for a minute or two',
			steps: [
				{
					tell: 'On the node:',
					commands: ['k3s-killall.sh', 'iptables-save | grep -c KUBE-', `systemctl start ${node.unit}`],
				},
			],
			recheck: ['firewall', 'units', 'journal'],
		}
		const mixed = firewall?.legacyTables === true || isBuggy(evidence)
		return [
			firewall?.iptablesMissing === false ? undefined : install,
			bundled,
			mixed || !firewall ? flush : undefined,
		]
	},
})
