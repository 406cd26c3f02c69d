import { check, fail, pass, unseen } from '../../src/check.js'

const unit = 'nm-cloud-setup.service'

export default check({
	id: 'nm-cloud-setup',
	list: 'preflight',
	title: 'NetworkManager leaves routes alone',
	explain:
		"NetworkManager's nm-cloud-setup, on by default on RHEL-like images of cloud providers, adds routing rules for each address of the host, and pods then lose their way.",
	docs: ['https://docs.k3s.io/installation/requirements#operating-systems'],
	needs: ['node'],
	look: ({ node }, { more: { units } }) => {
		if (node.init !== 'systemd') return { because: 'systemd does not run here' }
		if (!units) return unseen('systemd was not asked for it', [`systemctl is-enabled ${unit}`])
		const found = units.all.find(({ id, loadState }) => id === unit && loadState === 'loaded')
		if (!found) return pass('nm-cloud-setup is not installed', { source: 'units' })
		const on = /^enabled/.test(found.unitFileState) || found.activeState === 'active'
		const seen = {
			source: 'units' as const,
			quote: found.quote,
			do: [
				{
					tell: 'Disable it, and reboot:',
					commands: ['systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer', 'reboot'],
				},
			],
		}
		return on
			? fail(`${unit} is ${found.unitFileState || found.activeState}`, seen)
			: pass(`${unit} is off`, seen)
	},
})
