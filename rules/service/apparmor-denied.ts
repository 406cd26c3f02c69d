import { fact, log, restartSteps, rule, strong } from '../../src/rule.js'

const parserMissing =
	/apparmor_parser.*(?:executable file not found|no such file)|apparmor failed to apply profile|unable to (?:apply|load) apparmor profile|AppArmor profile .* (?:not loaded|does not exist)/i

export default rule({
	cause: 'apparmor-denied',
	title: 'AppArmor keeps containers from starting',
	severity: 'critical',
	explain:
		'The kernel has AppArmor on, but the profile for containers cannot be loaded or denies them what they need. Often the program `apparmor_parser` (package apparmor) is simply not installed, or a profile of the distribution confines runc.',
	docs: [
		'https://docs.k3s.io/installation/requirements',
		'https://kubernetes.io/docs/tutorials/security/apparmor/',
	],
	signs: [
		log(parserMissing, 'a container could not get its AppArmor profile'),
		log(parserMissing, 'containerd could not give a container its AppArmor profile', { in: 'containerd' }),
		log(
			/apparmor="DENIED".*profile="(?<profile>cri-containerd[^"]*|runc|crun|[^"]*k3s[^"]*)"/,
			({ profile }) => `AppArmor profile ${profile} denied an access`,
			{ in: 'kernelLog', weight: 'hint' },
		),
		fact(['cluster'], ({ cluster, node }) =>
			(cluster.events ?? [])
				.filter(
					({ type, message, host }) =>
						type === 'Warning' &&
						parserMissing.test(message) &&
						(host === '' || host === (cluster.self?.name ?? node.hostname)),
				)
				.slice(0, 3)
				.map(({ message, lastAt, count, name }) =>
					strong('cluster', `${name}: ${message.slice(0, 200)}`, { at: lastAt, count }),
				),
		),
	],
	leadsTo: ['runtime-create-failed', 'coredns-down', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Install the AppArmor tools and restart k3s',
			why: 'containerd calls apparmor_parser to load the profile of its containers.',
			risk: 'restart',
			interrupts: 'this node is not managed for about 20 s; pods go on',
			steps: [
				{
					tell: 'Install the package:',
					commands: ['apt-get install -y apparmor', 'zypper install -y apparmor-parser'],
				},
				...restartSteps(node),
			],
			recheck: ['journal', 'containerd', 'runtime', 'cluster'],
		},
	],
})
