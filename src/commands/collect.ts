/** `collect`: a bundle that can leave the house, of this host or of a saved bundle. */
import { ownPart } from '../bundle/own-part.js'
import { writeBundle } from '../bundle/write.js'
import type { Bundle } from '../model/bundle.js'
import { maskedSentence } from '../report/parts.js'
import { exitStatus } from './exit.js'
import { toStandardOutput } from './outlet.js'
import type { Parsed } from './parse.js'
import { anonymisedAsTold, openAsTold } from './redaction.js'

export async function collectCommand(parsed: Parsed): Promise<number> {
	const from = parsed.values.get('from')
	const bundle = from === undefined ? await askHost(parsed) : ownPart(await openAsTold(parsed, from))
	if (parsed.switches.has('show')) {
		await toStandardOutput(inventory(bundle))
		return exitStatus.fine
	}
	const path = parsed.values.get('output') ?? nameFor(bundle)
	const { refused } = await writeBundle(bundle, path, { force: parsed.switches.has('force') })
	if (path !== '-') {
		const unanswered = bundle.entries.filter(({ why }) => why !== undefined).length
		const lines = [
			`Wrote ${path}: ${bundle.files.size} answers, ${unanswered} questions without one.`,
			`${maskedSentence(bundle) ?? 'Secrets are masked.'} Look through it before it leaves the house.`,
			...(refused.length > 0 ? [`Left out because of their names: ${refused.length} files.`] : []),
		]
		process.stderr.write(`${lines.join('\n')}\n`)
	}
	return exitStatus.fine
}

async function askHost(parsed: Parsed): Promise<Bundle> {
	const { askThisHost } = await import('./live.js')
	return anonymisedAsTold(parsed, (await askThisHost(parsed)).bundle)
}

function nameFor({ node, takenAt }: Bundle): string {
	const host = node.hostname.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 64) || 'node'
	return `k3s-doctor-${host}-${takenAt.slice(0, 19).replace(/[:T]/g, '-')}.tar.gz`
}

/** What would be taken, how large it is, and what of it would be masked. */
function inventory(bundle: Bundle): string {
	const { files, entries, masked = [] } = bundle
	const masksOf = (file: string) =>
		masked.filter(each => each.file === file).map(({ kind, count }) => `${kind} (${count})`)
	const rows = [...files.keys()].sort().map(file => {
		const size = Buffer.byteLength(files.get(file) ?? '')
		return `${shownSize(size).padStart(8)}  ${file}${suffix(masksOf(file))}`
	})
	const own = masksOf('bundle.json')
	const unanswered = entries.filter(({ file, why }) => why !== undefined && !files.has(file))
	const total = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
	return [
		`${files.size} files, ${shownSize(total)}, would be taken:`,
		'',
		...rows,
		`${''.padStart(8)}  bundle.json: what was asked, and how it went${suffix(own)}`,
		'',
		...(unanswered.length > 0
			? [`${unanswered.length} questions have no answer, as bundle.json will tell.`]
			: []),
		maskedSentence(bundle) ?? 'Nobody kept count of what was masked.',
		'Nothing was written.',
		'',
	].join('\n')
}

const suffix = (masks: readonly string[]) => (masks.length > 0 ? `   masked: ${masks.join(', ')}` : '')

function shownSize(bytes: number): string {
	if (bytes < 10_000) return `${bytes} B`
	return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`
}
