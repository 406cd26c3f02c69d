import { configValue, fact, hint, rule, strong } from '../../src/rule.js'

const file = '/etc/rancher/k3s/k3s.yaml'

export default rule({
	cause: 'kubeconfig-permission',
	title: 'This user cannot read the kubeconfig of k3s',
	severity: 'info',
	effect: 'at-risk',
	appliesTo: ['server'],
	explain:
		'/etc/rancher/k3s/k3s.yaml belongs to root and holds full rights over the cluster, so only root may read it. Another user needs a copy of his own and KUBECONFIG pointing to it; without one, kubectl falls back to localhost:8080, where nothing listens.',
	docs: ['https://docs.k3s.io/cluster-access', 'https://docs.k3s.io/cli/server#admin-kubeconfig-options'],
	signs: [
		fact(['api'], ({ api }) =>
			/(?:unable to read|open) \S*k3s\.yaml.*|k3s\.yaml: permission denied/i.test(api.error ?? '')
				? strong('api', `kubectl may not read ${file}`, {
						quote: { file: 'bundle.json', text: (api.error ?? '').slice(0, 400) },
					})
				: undefined,
		),
		fact(['api'], ({ api }) =>
			/(?:localhost|127\.0\.0\.1):8080.*(?:refused|was refused)/i.test(api.error ?? '')
				? strong('api', 'kubectl found no kubeconfig and tried localhost:8080', {
						quote: { file: 'bundle.json', text: (api.error ?? '').slice(0, 400) },
					})
				: undefined,
		),
		fact(['files', 'node'], ({ files, node }) => {
			const listed = files.listed.get(file)
			return (
				!node.root &&
				listed &&
				(listed.mode & 0o044) === 0 &&
				hint(
					'files',
					`${file} has mode ${listed.mode.toString(8)}, and these questions were not asked as root`,
					{ quote: listed.quote },
				)
			)
		}),
	],
	leadsTo: [],
	remedies: ({ node, config }) => [
		{
			title: 'Give this user a kubeconfig of his own',
			why: 'A copy in the home directory is safer than opening the file for everybody.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'As that user:',
					commands: [
						'mkdir -p ~/.kube',
						`sudo install -m 600 -o "$USER" ${file} ~/.kube/config`,
						'export KUBECONFIG=~/.kube/config',
					],
				},
			],
			recheck: ['api'],
		},
		configValue(config, 'write-kubeconfig-group') === undefined && {
			title: 'Let a group read it',
			why: 'k3s writes the file with this group and mode at each start. Who is in the group has full rights over the cluster.',
			risk: 'restart',
			interrupts: "this server's API for about 10 to 60 s; pods go on",
			steps: [
				{
					tell: 'In config.yaml, with a group of your own, then restart k3s:',
					commands: [
						'write-kubeconfig-mode: "0640"\nwrite-kubeconfig-group: GROUP',
						`systemctl restart ${node.unit}`,
					],
				},
			],
			recheck: ['files', 'api', 'config'],
		},
	],
})
