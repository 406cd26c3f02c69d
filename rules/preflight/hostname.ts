import { check, configValue, fail, pass, warn } from '../../src/check.js'
import { nodeName } from '../host/identity.js'

/** RFC 1123, as Kubernetes wants the name of a node; k3s writes it in lower case itself. */
const valid = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

export default check({
	id: 'hostname',
	list: 'preflight',
	title: 'The hostname can be the name of a node',
	matters: true,
	explain:
		'k3s registers a host under its hostname: letters, digits, hyphens and dots, and no other host of the cluster may have the same. It must resolve on the host itself.',
	docs: ['https://docs.k3s.io/installation/requirements#prerequisites'],
	needs: ['names'],
	look: ({ names }, { more }) => {
		const name = nodeName(more)
		const quote = { file: 'commands/hostname.txt', line: 1, text: names.hostname }
		const rename = {
			source: 'names' as const,
			quote,
			do: [
				{
					tell: 'Give it a name of letters, digits and hyphens that no other host has, and put it into /etc/hosts:',
					commands: ['hostnamectl set-hostname NEW-NAME', "echo '127.0.1.1 NEW-NAME' >> /etc/hosts"],
				},
			],
		}
		const lookup = names.lookups.get(names.hostname)
		const generic =
			/^(?:localhost|debian|ubuntu|raspberrypi|archlinux|alpine|fedora|opensuse|linux)(?:\.|$)/.test(name)
		return [
			name === '' || !valid.test(name)
				? fail(`"${name}" is no valid name of a node`, rename)
				: /^localhost(?:\.|$)/.test(name)
					? fail(`${name} is the name of every host`, rename)
					: generic
						? warn(`${name} is a name that other hosts are likely to have as well`, rename)
						: pass(
								configValue(more.config, 'node-name') === undefined
									? name
									: `${name} (node-name in the configuration)`,
								{ source: 'names', quote },
							),
			lookup?.length === 0 &&
				warn(`${names.hostname} does not resolve on this host`, {
					source: 'names',
					quote: { file: 'files/etc/hosts', text: names.hostname },
					do: [{ tell: 'Put it into /etc/hosts:', commands: ["echo '127.0.1.1 THIS-NAME' >> /etc/hosts"] }],
				}),
		]
	},
})
