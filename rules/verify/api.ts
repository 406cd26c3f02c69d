import { check, fail, pass, unseen } from '../../src/check.js'

export default check({
	id: 'api',
	list: 'verify',
	title: 'The API server answers and is ready',
	appliesTo: ['server'],
	matters: true,
	explain: 'Everything in a cluster goes through the API server. /readyz tells whether all its parts are up.',
	docs: ['https://kubernetes.io/docs/reference/using-api/health-checks/'],
	needs: ['api'],
	look: ({ api }) => {
		const seen = { source: 'api' as const }
		const look = {
			tell: 'From this node:',
			commands: ["k3s kubectl get --raw '/readyz?verbose'", 'journalctl -u k3s -n 50'],
		}
		if (!api.answered)
			return /[Uu]nauthorized|[Ff]orbidden|denied|EACCES|no kubeconfig|ENOENT/.test(api.error ?? '')
				? unseen(api.error ?? 'there is no way to ask it', look.commands)
				: fail(api.error ?? 'it does not answer', { ...seen, do: [look] })
		if (api.readyz && !api.readyz.ok)
			return fail(`it is not ready: ${api.readyz.failed.slice(0, 5).join(', ')}`, { ...seen, do: [look] })
		return pass(api.readyz ? 'ready' : 'it answers', seen)
	},
})
