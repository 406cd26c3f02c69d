import { fact, presence, proof, rule } from '../../src/rule.js'
import { lostStart, usual } from './lost-start.js'

export default rule({
	cause: 'k3s-not-installed',
	title: 'k3s is not installed on this host',
	severity: 'critical',
	explain:
		'There is no k3s binary, no k3s unit and no data directory here. Either this is not the host that was meant, or the installation never ran or was removed by the uninstall script.',
	docs: ['https://docs.k3s.io/installation', 'https://docs.k3s.io/quick-start'],
	signs: [
		fact(['service', 'files'], ({ service, files, node }, { units }) => {
			if (service.state !== 'not-installed') return undefined
			const paths = ['/usr/local/bin/k3s', '/opt/bin/k3s', `${node.dataDir}/server`, `${node.dataDir}/agent`]
			if (paths.some(path => presence(files, path) === 'present')) return undefined
			const unit = units?.own ? `, and systemd knows no ${node.unit}` : ''
			return proof('files', `no k3s binary in /usr/local/bin, nothing below ${node.dataDir}${unit}`, {
				quote: units?.own?.quote,
			})
		}),
		fact(['units', 'service', 'files'], ({ units, service, files }) => {
			const start = lostStart(units, service, files)
			return (
				start !== undefined &&
				usual.includes(start.path) &&
				proof('files', `the unit starts ${start.path}, which does not exist: the binary is gone`, {
					quote: start.quote,
				})
			)
		}),
	],
	remedies: [
		{
			title: 'Install k3s',
			why: 'A server starts a new cluster; an agent joins one and needs its URL and token. The node password in /etc/rancher/node survives an uninstallation.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'As a server, or as an agent of an existing one:',
					commands: [
						'curl -sfL https://get.k3s.io | sh -',
						'curl -sfL https://get.k3s.io | K3S_URL=https://SERVER:6443 K3S_TOKEN=TOKEN sh -',
					],
				},
			],
			recheck: ['units', 'files'],
		},
	],
})
