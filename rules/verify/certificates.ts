import { check, nowOf, pass, shownUnit, warn } from '../../src/check.js'
import { byArea } from './areas.js'

const day = 86_400_000

export default check({
	id: 'certificates',
	list: 'verify',
	title: 'The certificates are valid, and stay so',
	explain:
		'k3s makes its certificates for a year and renews them at a start in the last months of it; the authorities last ten years. A node that is never restarted lets them expire.',
	docs: ['https://docs.k3s.io/cli/certificate'],
	needs: ['certificates'],
	look: ({ certificates, node }, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'certs')
		const own = certificates.certificates.filter(
			({ path, position }) =>
				position === 0 && path.startsWith(`${node.dataDir}/`) && !/\/tls-\d+\//.test(path),
		)
		if (found.length > 0) return found
		const [first] = own.toSorted((a, b) => a.notAfter - b.notAfter)
		if (!first) return undefined
		const days = Math.floor((first.notAfter - nowOf(more)) / day)
		const until = new Date(first.notAfter).toISOString().slice(0, 10)
		const seen = {
			source: 'certificates' as const,
			quote: { file: `files${first.path}`, text: `notAfter ${until}` },
		}
		if (days < 30)
			return warn(`${first.path} expires in ${days} days`, {
				...seen,
				do: [{ tell: 'A restart renews it:', commands: [`systemctl restart ${shownUnit(node)}`] }],
			})
		return pass(`${own.length} certificates; the first one expires on ${until} (in ${days} days)`, seen)
	},
})
