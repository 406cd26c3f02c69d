import {
	configValue,
	fact,
	hint,
	interruptsOfRestart,
	kubeNameArgument,
	log,
	restartSteps,
	rule,
	serverUrl,
} from '../../src/rule.js'

const passwordFile = '/etc/rancher/node/password'
/** A node writes its password and its first key within a minute. */
const joining = 600_000

const anotherPassword = ({ name }: Record<string, string>) =>
	`the password that node ${name} sends is not the stored one`

export default rule({
	cause: 'node-password-rejected',
	title: 'The server rejects the node password of this host',
	severity: 'critical',
	explain:
		'At its first join a node makes up a password, keeps it in /etc/rancher/node/password, and the server stores a hash of it. Later only who knows it may use this node name. This host has another password than the one stored: it was installed anew, the file was lost, or another host already has this name.',
	docs: ['https://docs.k3s.io/architecture#how-agent-node-registration-works'],
	signs: [
		log(/Node password rejected/, 'the server has another password for this node name', { weight: 'strong' }),
		log(
			/unable to verify password for node (?<name>\S+?):? .*(?:hash does not match|password hash not found)/,
			anotherPassword,
			{ weight: 'hint' },
		),
		log(/Node password validation failed for '(?<name>[^'\n]{1,253})'/, anotherPassword, { weight: 'hint' }),
		log(
			/unable to (?:verify local node password|read node password file|hash node password file)|node password not set/,
			`${passwordFile} cannot be used`,
		),
		log(
			/(?:serving-kubelet|client-kubelet|node)\.crt[^\n]{0,80}403 Forbidden/,
			'the server refuses (403) to issue certificates for this node',
		),
		fact(['files', 'service'], ({ files, service, node }) => {
			if (service.state === 'running') return undefined
			const password = files.listed.get(passwordFile)
			const key = files.listed.get(`${node.dataDir}/agent/client-kubelet.key`)
			if (!password || !key || key.modifiedAt <= 0) return undefined
			const late = password.modifiedAt - key.modifiedAt
			return (
				late > joining &&
				hint(
					'files',
					`${passwordFile} is younger than the keys of this node: it was made anew after the node had joined`,
					{
						quote: password.quote,
						at: password.modifiedAt,
					},
				)
			)
		}),
		fact(['files', 'service'], ({ files, service }) => {
			const password = files.listed.get(passwordFile)
			return (
				password?.size === 0 &&
				service.state !== 'running' &&
				hint('files', `${passwordFile} is empty`, { quote: password.quote })
			)
		}),
	],
	leadsTo: ['node-not-ready'],
	remedies: ({ node, config }) => {
		const name = kubeNameArgument(configValue(config, 'node-name') ?? node.hostname.toLowerCase()) ?? 'NODE'
		const server = serverUrl(config)
		const onServer = node.role === 'server' && !server
		return [
			{
				title: `Let the server forget the old password of ${name}, if this really is the same node`,
				why: 'The server stores the new password at the next try. Do not delete the node itself on a server with etcd: that removes its etcd member.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `Make sure that no other host uses the name ${name}. Then, on a server${server ? ` (${server.host})` : ''}:`,
						commands: [
							'k3s kubectl get nodes -o wide',
							`k3s kubectl -n kube-system delete secret ${name}.node-password.k3s`,
						],
					},
					{
						tell: onServer ? 'Then:' : 'Then here; the agent tries again by itself, too:',
						commands: [`systemctl restart ${node.unit}`],
					},
				],
				recheck: ['journal', 'units'],
			},
			{
				title: 'Give this host a name of its own, if another one already has it',
				why: 'Two hosts under one node name take it away from each other.',
				risk: 'restart',
				interrupts: 'pods of this host come up under the new node name',
				steps: [
					{ edit: '/etc/rancher/k3s/config.yaml', set: { 'with-node-id': true } },
					...restartSteps(node),
				],
				recheck: ['journal', 'units', 'config'],
			},
		]
	},
})
