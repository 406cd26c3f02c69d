import { fact, log, proof, restartSteps, rule } from '../../src/rule.js'
import { withoutSystemd } from '../kinds.js'

export default rule({
	cause: 'service-start-timeout',
	title: 'systemd gave up waiting for k3s although it was still starting',
	severity: 'critical',
	notFor: withoutSystemd,
	explain:
		"The unit has a start limit and k3s needs longer than that on this machine: systemd kills it in the middle of its start, again and again. k3s's own unit sets TimeoutStartSec=0 (no limit); a drop-in or a hand-made unit took that away.",
	docs: [
		'https://docs.k3s.io/installation/configuration',
		'https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html',
	],
	signs: [
		fact(['units', 'service'], ({ units, service }, { journal }) => {
			const { own } = units
			if (own?.result !== 'timeout' || service.state === 'running') return undefined
			const got = journal?.current.find(({ end, furthest }) => end && furthest)?.furthest
			return proof(
				'units',
				`systemd's result of ${own.id} is timeout${got ? `; k3s had got to ${got}` : ''}`,
				{ quote: own.quote, at: own.exitedAt },
			)
		}),
		log(
			/\.service:? start(?:-pre)? operation timed out\. Terminating/,
			'systemd ended the start because of its time limit',
			{
				if: ({ service }) => service?.state !== 'running',
			},
		),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Take the start limit away',
			why: 'A slow board or a big datastore may need minutes; k3s itself ships without a limit.',
			risk: 'restart',
			interrupts: 'nothing that runs',
			steps: [
				{
					write: `/etc/systemd/system/${node.unit}.d/90-start-limit.conf`,
					content: '[Service]\nTimeoutStartSec=0\n',
					mode: 0o644,
				},
				{ run: ['systemctl', 'daemon-reload'] },
				...restartSteps(node, 600),
			],
			recheck: ['units', 'journal'],
		},
	],
})
