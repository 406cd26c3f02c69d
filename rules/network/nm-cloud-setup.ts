import { type Evidence, fact, hint, proof, rule, strong } from '../../src/rule.js'
import { withoutNetworkManager } from '../kinds.js'

const unit = 'nm-cloud-setup.service'

function installed({ units }: Evidence) {
	return units?.all.find(({ id, loadState }) => id === unit && loadState === 'loaded')
}

const isOn = ({ unitFileState, activeState }: { unitFileState: string; activeState: string }) =>
	/^enabled/.test(unitFileState) || activeState === 'active' || activeState === 'activating'

/** The tables that it fills, one for each address of the host (nm-cloud-setup.c). */
function policyRules({ network }: Evidence) {
	return (network?.rules ?? []).filter(({ table, priority }) =>
		[table, String(priority)].some(text => /^30[234]\d\d$/.test(text)),
	)
}

/** The unit that the installer wrote until 2025 refuses to start k3s beside it. */
function refusesToStart({ units }: Evidence): { path: string; line: string } | undefined {
	for (const { path, text } of units?.cat ?? []) {
		const line = text.split('\n').find(one => /^ExecStartPre=.*is-enabled.*nm-cloud-setup/.test(one))
		if (line !== undefined) return { path, line }
	}
	return undefined
}

export default rule({
	cause: 'nm-cloud-setup',
	title: 'nm-cloud-setup interferes with the pod network',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	notFor: withoutNetworkManager,
	explain:
		"NetworkManager's nm-cloud-setup, on by default on RHEL-like images of cloud providers, adds routing rules for each address of the host. Replies to pods then leave by the wrong table, and pods cannot reach services or other nodes. The unit file of older installers therefore refuses to start k3s while it is enabled.",
	docs: [
		'https://docs.k3s.io/installation/requirements#operating-systems',
		'https://docs.rke2.io/known_issues#networkmanager',
	],
	signs: [
		fact(['units', 'service'], ({ service }, evidence) => {
			const found = installed(evidence)
			const check = refusesToStart(evidence)
			if (!found || !/^enabled/.test(found.unitFileState) || !check || service.state === 'running')
				return undefined
			if (service.state === 'stopped') return undefined
			return proof('units', `${unit} is enabled, and the unit of k3s refuses to start beside it`, {
				quote: { file: 'commands/systemctl-cat.txt', text: check.line },
			})
		}),
		fact(['units', 'network'], (_have, evidence) => {
			const found = installed(evidence)
			const rules = policyRules(evidence)
			if (!found || !isOn(found) || rules.length === 0) return undefined
			const text = rules
				.slice(0, 4)
				.map(({ priority, source, table }) => `${priority}: from ${source} lookup ${table}`)
				.join('; ')
			return strong('network', `${unit} is on and has set routing rules of its own (${text})`, {
				quote: { file: 'commands/ip-rule.json', text },
			})
		}),
		fact(['network'], (_have, evidence) => {
			// Where nobody says whether the unit is on: the tables are its own.
			const known = evidence.units?.all.some(({ id }) => id === unit)
			const rules = policyRules(evidence).filter(({ table, priority }) => table === String(priority))
			const [first] = rules
			if (!first || known) return undefined
			const text = `${first.priority}: from ${first.source} lookup ${first.table}`
			return strong('network', `routing rules as only ${unit} sets them are in force (${text})`, {
				quote: { file: 'commands/ip-rule.json', text },
			})
		}),
		fact(['units'], (_have, evidence) => {
			const found = installed(evidence)
			return (
				found &&
				isOn(found) &&
				hint('units', `${unit} is ${found.unitFileState || found.activeState}`, { quote: found.quote })
			)
		}),
	],
	leadsTo: ['vxlan-blocked', 'coredns-down', 'metrics-server-down', 'egress-broken'],
	remedies: [
		{
			title: 'Switch nm-cloud-setup off and boot again',
			why: 'Its rules stay in the kernel until the next boot. A host with one address does not need it; on one with several, set them up in NetworkManager itself.',
			risk: 'restart',
			interrupts: 'everything on this host, while it boots',
			steps: [
				{ run: ['systemctl', 'disable', '--now', 'nm-cloud-setup.service', 'nm-cloud-setup.timer'] },
				{ tell: 'When it suits, boot the host:', commands: ['systemctl reboot'] },
			],
			recheck: ['units', 'network'],
		},
	],
})
