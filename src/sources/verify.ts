/** What is asked only after an installation: a name inside the cluster, of the cluster's resolver. */
import { hostArgument, kubeNameArgument } from '../model/argument.js'
import type { Bundle } from '../model/bundle.js'
import type { NameAnswer, VerifyEvidence } from '../model/evidence/index.js'
import { isObject, json, number, optional, own, text, texts } from './field.js'
import { askSettings, setting } from './settings.js'
import { type Source, source } from './source.js'

const file = 'verify/dns.json'

/** Of k3s's own service network, 10.43.0.0/16. */
const usual = { dns: '10.43.0.10', domain: 'cluster.local' }

export type Query = (server: string, name: string) => Promise<NameAnswer>

export function verifySource(query?: Query): Source<'verify'> {
	return source({
		name: 'verify',
		title: 'what only verify asks',
		wants: () => [
			{ file, askFor: `nslookup kubernetes.default.svc.${usual.domain} ${usual.dns}`, optional: true },
		],
		async collect(ask) {
			if (!query) return
			const settings = await askSettings(ask)
			const server = hostArgument(setting(settings, 'cluster-dns')?.split(',')[0]?.trim() ?? usual.dns)
			const domain = kubeNameArgument(setting(settings, 'cluster-domain') ?? usual.domain)
			if (server === undefined || domain === undefined) return
			const answer = await query(server, `kubernetes.default.svc.${domain}`)
			ask.put(file, `${JSON.stringify(answer)}\n`, { ms: answer.ms })
		},
		parse,
	})
}

function parse(bundle: Bundle): VerifyEvidence | undefined {
	const told = json(bundle.files.get(file))
	if (!isObject(told)) return undefined
	const server = text(own(told, 'server'))
	const error = text(own(told, 'error'))
	if (server === '') return undefined
	return {
		dns: {
			server,
			name: text(own(told, 'name')),
			addresses: texts(own(told, 'addresses')),
			...optional('error', error || undefined),
			ms: number(own(told, 'ms')) ?? 0,
		},
	}
}
