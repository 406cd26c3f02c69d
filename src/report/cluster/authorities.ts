/** Certificate authorities: every node of a cluster trusts the same one. */
import type { ClusterFinding } from '../../model/cluster-report.js'
import type { Certificate } from '../../model/evidence/index.js'
import { groups, type Member, share } from './node.js'

interface Authority {
	of: 'server' | 'client'
	/** Its key's id, or its name where that is not known. */
	id: string
	name: string
	path: string
}

/** Where a certificate of the authority itself lies, and where a leaf that it signed. */
const places = {
	server: [/\/(?:server\/tls|agent)\/server-ca\.crt$/, /\/agent\/serving-kubelet\.crt$/],
	client: [/\/(?:server\/tls|agent)\/client-ca\.crt$/, /\/agent\/client-kubelet\.crt$/],
} as const

function authorityOf({ evidence }: Member, of: Authority['of']): Authority | undefined {
	const certificates = evidence.certificates?.certificates ?? []
	const [itself, leaf] = places[of]
	const own = certificates.find(({ path, position, ca }) => itself.test(path) && position === 0 && ca)
	const at = (certificate: Certificate, id: string | undefined, name: string) =>
		id || name ? { of, id: id || name, name, path: certificate.path } : undefined
	if (own?.keyId) return at(own, own.keyId, own.commonName)
	const signed = certificates.find(({ path, position }) => leaf.test(path) && position === 0)
	if (signed) return at(signed, signed.authorityKeyId, signed.issuerCommonName)
	return own && at(own, undefined, own.commonName)
}

export function authorityFindings(members: readonly Member[]): ClusterFinding[] {
	// Both were made together: who differs in one differs in the other, and once is enough.
	return (['server', 'client'] as const).flatMap(of => differing(members, of)).slice(0, 1)
}

function differing(members: readonly Member[], of: Authority['of']): ClusterFinding[] {
	const known = new Map(members.map(member => [member, authorityOf(member, of)]))
	const ids = groups(members, member => known.get(member)?.id)
	if (ids.size < 2) return []
	const shares = members.flatMap(member => {
		const authority = known.get(member)
		return authority
			? [
					share(member, `${authority.name} (${authority.id.slice(0, 12)}…)`, {
						file: `files${authority.path}`,
						text: '',
					}),
				]
			: []
	})
	return [
		{
			kind: 'authority',
			severity: 'critical',
			says: `the nodes do not trust the same ${of} authority: they are of different clusters, or one of them was installed anew`,
			shares,
		},
	]
}
