import type { Bundle } from '../model/bundle.js'
import { answer, entryOf } from '../model/bundle.js'
import type { ApiEvidence } from '../model/evidence/index.js'
import { endpointCommand, endpoints, errorOf, readHealth } from './cluster/endpoints.js'
import { listItems, resources } from './cluster/lists.js'
import { fields, inside, json, optional, text } from './field.js'
import { source } from './source.js'

export const api = source({
	name: 'api',
	title: 'Kubernetes API',
	wants: node =>
		endpoints.map(({ file, path }) => ({
			file,
			askFor: endpointCommand(node, path),
			// readyz includes everything that livez checks.
			optional: file === 'api/livez.txt',
		})),
	async collect(ask) {
		await Promise.all(endpoints.map(({ file, path }) => ask.kube(file, path)))
	},
	parse,
})

function health(bundle: Bundle, file: string): ApiEvidence['readyz'] {
	// kubectl prints a failed check as an error; the client files its text.
	return readHealth(answer(bundle, file)) ?? readHealth(entryOf(bundle, file)?.stderr)
}

/** `kubectl version -o json` names client and server; the API's own /version is the server's part alone. */
function serverVersion(bundle: Bundle): string | undefined {
	const told = fields(json(answer(bundle, 'api/version.json')))
	const version = text(inside(told, 'serverVersion').gitVersion) || text(told.gitVersion)
	return version || undefined
}

function parse(bundle: Bundle): ApiEvidence | undefined {
	const entries = bundle.entries.filter(entry => entry.file.startsWith('api/'))
	const answered = new Set<string>(resources.filter(resource => listItems(bundle, resource)))
	const readyz = health(bundle, 'api/readyz.txt')
	const livez = health(bundle, 'api/livez.txt')
	const version = serverVersion(bundle)
	const spoke = answered.size > 0 || readyz !== undefined || livez !== undefined || version !== undefined
	if (!spoke && !entries.length) return undefined
	// A failed health check is told in `readyz`; here counts what refused or broke the talk itself.
	const error = entries
		.map(entry => (readHealth(entry.stderr) ? undefined : errorOf(entry)))
		.find(said => said)
	return {
		answered: spoke,
		resources: answered,
		...optional('readyz', readyz),
		...optional('livez', livez),
		...optional('serverVersion', version),
		...optional('error', error),
	}
}
