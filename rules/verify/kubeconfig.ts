import { check, configValue, fail, pass, pathArgument, presence, unseen, warn } from '../../src/check.js'

export default check({
	id: 'kubeconfig',
	list: 'verify',
	title: 'The kubeconfig is there, and not for everybody',
	appliesTo: ['server'],
	explain:
		"k3s writes /etc/rancher/k3s/k3s.yaml with the credentials of the cluster's administrator. Whoever can read it owns the cluster.",
	docs: ['https://docs.k3s.io/cluster-access'],
	needs: ['files'],
	look: ({ files }, { more }) => {
		const path = configValue(more.config, 'write-kubeconfig') ?? '/etc/rancher/k3s/k3s.yaml'
		const listed = files.listed.get(path)
		const shown = pathArgument(path) ?? 'KUBECONFIG'
		if (!listed)
			return presence(files, path) === 'absent' && more.service?.state === 'running'
				? fail(`${path} is not there`, {
						source: 'files',
						do: [{ tell: 'k3s writes it at its next start:', commands: ['systemctl restart k3s'] }],
					})
				: presence(files, path) === 'absent'
					? unseen(`${path} is not there; k3s writes it when it has started`)
					: unseen(`${path} could not be seen`, [`ls -l ${shown}`])
		const mode = listed.mode.toString(8).padStart(4, '0')
		const seen = { source: 'files' as const, quote: listed.quote }
		if (listed.type === 'file' && (listed.mode & 0o007) !== 0)
			return warn(`${path} has mode ${mode}: every user of this host is administrator of the cluster`, {
				...seen,
				do: [
					{
						tell: 'Unless that is wanted, take write-kubeconfig-mode out of the configuration, too:',
						commands: [`chmod 600 ${shown}`],
					},
				],
			})
		return pass(`${path}, mode ${mode}`, seen)
	},
})
