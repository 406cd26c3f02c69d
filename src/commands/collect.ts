import { openBundle } from '../bundle/open.js'
import { writeBundle } from '../bundle/write.js'
import type { Bundle } from '../model/bundle.js'
import { exitStatus } from './exit.js'
import type { Parsed } from './parse.js'

export async function collectCommand(parsed: Parsed): Promise<number> {
	const from = parsed.values.get('from')
	const bundle = from === undefined ? await askHost(parsed) : await openBundle(from)
	const path = parsed.values.get('output') ?? nameFor(bundle)
	await writeBundle(bundle, path)
	if (path !== '-') {
		// A saved bundle was masked by whoever collected it, or not at all.
		const masking =
			from === undefined ? 'Secrets are masked' : 'It is copied as it was, nothing more is masked'
		const unanswered = bundle.entries.filter(({ why }) => why !== undefined).length
		process.stderr.write(
			`Wrote ${path}: ${bundle.files.size} answers, ${unanswered} questions without one. ${masking}; look through it before it leaves the house.\n`,
		)
	}
	return exitStatus.fine
}

async function askHost(parsed: Parsed): Promise<Bundle> {
	const { askThisHost } = await import('./live.js')
	return (await askThisHost(parsed)).bundle
}

function nameFor({ node, takenAt }: Bundle): string {
	const host = node.hostname.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 64) || 'node'
	return `k3s-doctor-${host}-${takenAt.slice(0, 19).replace(/[:T]/g, '-')}.tar.gz`
}
