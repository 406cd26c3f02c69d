import {
	configValue,
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	presence,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'

export default rule({
	cause: 'config-unreadable',
	title: 'k3s cannot read a configuration file that it needs',
	severity: 'critical',
	// What keeps only people from using k3s is no trouble of the node.
	severityHere: ({ service }) => (service?.state === 'running' ? 'info' : undefined),
	explain:
		'A file that the configuration names, or config.yaml itself, exists but cannot be read by the user that runs k3s, or is a directory, or is not there. k3s stops before it does anything.',
	docs: ['https://docs.k3s.io/installation/configuration#configuration-file'],
	signs: [
		log(
			/(?:failed to (?:read|parse|load) config\S*.*|^(?:Error: )?)(?:open|read|stat|lstat) (?<path>\/\S*?\/?(?:etc\/rancher|config)\S*): (?<why>permission denied|is a directory|no such file or directory|not a directory|input\/output error)/,
			({ path, why }) => `${path}: ${why}`,
			{
				if: ({ config }, { text }, { path }) =>
					path !== configValue(config, 'token-file') &&
					!/audit|encryption|authentication|admission|manifests|\/tls\/|registries/.test(text),
			},
		),
		log(
			/failed to read http config|failed to parse config location/,
			'k3s cannot fetch its configuration from the URL it was given',
		),
		// k3s itself reads it as root; whoever else runs `k3s kubectl` is stopped by it.
		fact(['k3s'], ({ k3s }) => {
			const path = /open (?<path>\/\S{1,200}\.ya?ml): permission denied/.exec(k3s.versionError?.stderr ?? '')
				?.groups?.path
			return path !== undefined && hint('k3s', `no k3s command works for this user: ${path} may not be read`)
		}),
		fact(['k3s', 'files'], ({ k3s, files }) => {
			const main = files.listed.get('/etc/rancher/k3s/config.yaml')
			const refused = /config\.yaml: permission denied/.test(k3s.versionError?.stderr ?? '')
			return (
				refused &&
				main !== undefined &&
				(main.mode & 0o004) === 0 &&
				hint('files', `${main.path} has mode ${main.mode.toString(8)}: only its owner may read it`, {
					quote: main.quote,
				})
			)
		}),
		fact(['files', 'service'], ({ files, service }) => {
			if (service.state === 'running' || service.state === 'starting') return undefined
			const main = files.listed.get('/etc/rancher/k3s/config.yaml')
			if (!main) return undefined
			if (main.type === 'dir') return proof('files', `${main.path} is a directory`, { quote: main.quote })
			const lost =
				main.type === 'link' && main.target?.startsWith('/') && presence(files, main.target) === 'absent'
			return lost
				? strong('files', `${main.path} is a link to ${main.target}, which does not exist`, {
						quote: main.quote,
					})
				: undefined
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node }, findings) => {
		const named = findings.map(({ says }) => pathArgument(/(\/\S+?)(?::| is )/.exec(says)?.[1])).find(Boolean)
		return [
			{
				title: 'Make the file readable for root, or take its name out of the configuration',
				why: 'k3s runs as root: what root cannot read is a wrong type, a dead link, a foreign file system or a security module.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{ run: ['ls', '-ldZ', named ?? '/etc/rancher/k3s/config.yaml'], exits: [0, 1, 2] },
					{ tell: 'Put the file in place with owner root and mode 0600, then restart k3s.' },
					...restartSteps(node),
				],
				recheck: ['files', 'config', 'units', 'journal'],
			},
		]
	},
})
