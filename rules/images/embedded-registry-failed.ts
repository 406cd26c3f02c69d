import {
	configValue,
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	presence,
	rule,
	strong,
} from '../../src/rule.js'
import { notAskedFor } from '../kinds.js'
import { restartCommand } from '../workload/commands.js'
import { forPods, pullSigns } from './sign.js'

const isEnabled = ({ config }: Evidence) => configValue(config, 'embedded-registry') === 'true'

export default rule({
	cause: 'embedded-registry-failed',
	title: 'The embedded registry mirror of k3s does not work',
	severity: 'warning',
	notFor: notAskedFor('embedded-registry', 'the embedded registry'),
	explain:
		'With embedded-registry each node offers the images that it has to the others: on its port 6443, found through port 5001. It needs an entry under mirrors in registries.yaml on every node, both ports open between all nodes, and at least one node that has the image.',
	docs: ['https://docs.k3s.io/installation/registry-mirror'],
	signs: [
		log(
			/(?<what>embedded registry mirror requires embedded containerd|failed to start embedded registry|failed to create P2P router|failed to load or generate p2p private key|Invalid K3S_P2P_PORT value)(?<why>[^\n]{0,200})/,
			({ what, why }) => `${what}${why}`,
		),
		log(
			/Not starting distributed registry mirror: no registries configured/,
			'The mirror was not started: registries.yaml names no registry to mirror',
			{ when: 'ever', neverProof: true },
		),
		...pullSigns({
			of: ({ problem }) => problem === 'mirror',
			says: pull => `The mirror on this host has no answer for ${pull.image}${forPods(pull)}`,
			weight: () => 'strong',
		}),
		fact(['config', 'files'], ({ files }, evidence) => {
			if (!isEnabled(evidence)) return undefined
			const { registries } = evidence
			const none = registries
				? registries.mirrors.length === 0 && !registries.problem
				: presence(files, '/etc/rancher/k3s/registries.yaml') === 'absent'
			return (
				none &&
				strong('config', 'embedded-registry is on, and no registry is named under mirrors in registries.yaml')
			)
		}),
	],
	leadsTo: ['image-not-found', 'registry-unreachable', 'coredns-down', 'helm-job-failed'],
	remedies: ({ node }) => [
		{
			title: 'Name the registries to mirror, on every node',
			why: 'The mirror serves only registries that stand under mirrors; an entry needs no endpoint.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: 'In /etc/rancher/k3s/registries.yaml of every node: mirrors: {docker.io: {}, registry.k8s.io: {}}',
				},
				{ tell: 'Then restart k3s there, servers first:', commands: [restartCommand(node)] },
			],
			recheck: ['registries', 'journal', 'cluster'],
		},
		{
			title: 'See whether the nodes reach each other',
			why: 'Peers are found on port 5001 and asked on port 6443, between all nodes, agents too.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'From each node to each other:',
					commands: ['nc -zv OTHER_NODE 5001', 'nc -zv OTHER_NODE 6443'],
				},
			],
			recheck: ['sockets', 'probes'],
		},
	],
})
