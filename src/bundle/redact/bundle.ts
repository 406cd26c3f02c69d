/** A whole bundle through the redactor: one that was collected just now, or one that somebody else made. */
import type { Asked, Bundle, Entry, Masked } from '../../model/bundle.js'
import { madeBy } from './maker.js'
import type { Redactor } from './redactor.js'

/** The last look at a collected bundle: a secret may stand in a file that was filed before it was known. */
export function finish(bundle: Bundle, redact: Redactor): Bundle {
	if (!redact.knows()) return madeBy(redact, { ...bundle, masked: merged(bundle.masked, redact.masked()) })
	const files = new Map([...bundle.files].map(([file, text]) => [file, redact.again(file, text)]))
	const entries = bundle.entries.map(entry => withWords(entry, words => redact.again('bundle.json', words)))
	const notes = bundle.notes.map(note => redact.again('bundle.json', note))
	const live = bundle.live && withReasons(bundle.live, words => redact.again('bundle.json', words))
	return madeBy(redact, {
		...bundle,
		files,
		entries,
		notes,
		...(live && { live }),
		masked: merged(bundle.masked, redact.masked()),
	})
}

/** A bundle that may hold anything: what is secret is masked as if it were collected anew. */
export function redactBundle(bundle: Bundle, redact: Redactor): Bundle {
	const files = new Map<string, string>()
	const entries: Entry[] = []
	// The same few words again and again: `journalctl`, `-n`, `--no-pager`.
	const open = new Set<string>()
	const said = (words: string) => {
		if (open.has(words)) return words
		const masked = redact.text('bundle.json', words)
		if (masked === words) open.add(words)
		return masked
	}
	for (const entry of bundle.entries) {
		if (redact.omits(entry.file)) entries.push({ ...entry, why: 'denied', stderr: 'Left out by a rule.' })
		else entries.push(withWords(entry, said))
	}
	// Of a translated bundle many a text stands under two names: it is masked, and counted, once.
	const done = new Map<string, string>()
	for (const [file, text] of bundle.files) {
		if (redact.omits(file)) continue
		const masked = (bundle.origins && done.get(text)) ?? redacted(file, text, redact)
		if (bundle.origins) done.set(text, masked)
		files.set(file, masked)
	}
	const notes = bundle.notes.map(note => redact.text('bundle.json', note))
	return finish({ ...bundle, files, entries, notes }, redact)
}

function redacted(file: string, text: string, redact: Redactor): string {
	if (!file.startsWith('api/') || !file.endsWith('.json')) return redact.text(file, text)
	// What is no JSON is read by nobody, but it may still hold a secret.
	return redact.kube(file, text) || redact.text(file, text)
}

/** Why a source did not ask to the end, in other words. */
export function withReasons({ stopped }: Asked, change: (words: string) => string): Asked {
	return { stopped: new Map([...stopped].map(([name, words]) => [name, change(words)])) }
}

function withWords(entry: Entry, mask: (words: string) => string): Entry {
	return {
		...entry,
		...(entry.stderr !== undefined && { stderr: mask(entry.stderr) }),
		...(entry.argv && { argv: entry.argv.map(mask) }),
	}
}

/** Counts of before, and what was found now. */
function merged(before: readonly Masked[] | undefined, now: readonly Masked[]): Masked[] {
	const all = new Map<string, Masked>()
	for (const each of [...(before ?? []), ...now]) {
		const key = `${each.kind}\0${each.file}`
		all.set(key, { ...each, count: each.count + (all.get(key)?.count ?? 0) })
	}
	return [...all.values()]
}
