/**
 * Masks a whole bundle: the same secret gets the same mark everywhere, so that a reader sees that two tokens are equal
 * and never what they are. The marks are made with a key that is forgotten, or short secrets could be guessed from them.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { Masked } from '../../model/bundle.js'
import { type Hide, type Kind, kinds, mask } from '../mask/hide.js'
import { maskSecrets } from '../mask.js'
import { maskKubeList } from '../mask-kube.js'
import { finderOf } from './find.js'
import { canonicalOf, formsOf, isWorthLearning, type Learned, partsOf } from './learned.js'
import type { RedactionRules } from './rules.js'

export interface Redactor {
	/** A text with its secrets masked, those also that other texts gave away before. */
	text(file: string, text: string): string
	/** The same of a list of the Kubernetes API; '' for what is no JSON. */
	kube(file: string, json: string): string
	/** What became known since: called for every file when all have been seen. */
	again(file: string, text: string): string
	/** Whether anything is known that could stand in a file unnoticed. */
	knows(): boolean
	/** A file that is not taken at all, by a rule of the operator. */
	omits(file: string): boolean
	/** What was masked so far, by file. */
	masked(): Masked[]
	/** One that makes the same marks and knows the same secrets, and has masked nothing yet. */
	anew(): Redactor
}

const markLength = 8

/** A mark, and nothing beside it that could be a part of the secret. */
function isMasked(secret: string): boolean {
	return mask.test(secret) && !/[A-Za-z0-9]/.test(secret.replaceAll(everyMask, '').replace(scheme, ''))
}

const everyMask = new RegExp(mask, 'g')
const scheme = /^(?:bearer|basic|token|digest)\s/i

export function redactor(
	rules?: RedactionRules,
	key: Uint8Array = randomBytes(32),
	known = new Map<string, Learned>(),
): Redactor {
	const counts = new Map<string, Map<Kind | string, number>>()
	let finder: ReturnType<typeof finderOf>
	let found = 0

	// A crash loop says the same token a thousand times.
	const marks = new Map<string, string>()
	function mark(canonical: string): string {
		const known = marks.get(canonical)
		if (known) return known
		const digest = createHmac('sha256', key).update(canonical).digest('hex')
		const made = `<redacted-${digest.slice(0, markLength)}>`
		marks.set(canonical, made)
		return made
	}

	function count(file: string, kind: string): void {
		const kindsHere = counts.get(file) ?? new Map<string, number>()
		kindsHere.set(kind, (kindsHere.get(kind) ?? 0) + 1)
		counts.set(file, kindsHere)
	}

	const learned = new Set<string>()
	function learn(secret: string, kind: Kind): void {
		const told = `${kind} ${secret}`
		if (learned.has(told)) return
		learned.add(told)
		for (const part of [secret, ...partsOf(secret, kind)]) {
			if (!isWorthLearning(part, kind) || known.has(part)) continue
			const canonical = canonicalOf(part)
			for (const form of formsOf(part)) if (!known.has(form)) known.set(form, { kind, canonical })
		}
	}

	const hider = (file: string): Hide => {
		return (secret, kind) => {
			// Masked by whoever made this text: there is nothing to see, and its mark may mean something.
			if (isMasked(secret)) return secret
			const canonical = canonicalOf(secret)
			count(file, kinds[kind])
			learn(secret, kind)
			return mark(canonical)
		}
	}

	function replaceKnown(file: string, text: string): string {
		if (known.size !== found) {
			finder = finderOf(known.keys())
			found = known.size
		}
		const places = finder?.(text) ?? []
		if (places.length === 0) return text
		const parts: string[] = []
		let from = 0
		for (const place of places) {
			const secret = known.get(place.word)
			if (!secret || place.from < from) continue
			count(file, kinds[secret.kind])
			parts.push(text.slice(from, place.from), mark(secret.canonical))
			from = place.to
		}
		return parts.join('') + text.slice(from)
	}

	function byRules(file: string, text: string): string {
		return (
			rules?.apply(file, text, secret => {
				if (isMasked(secret)) return secret
				count(file, kinds.rule)
				return mark(secret)
			}) ?? text
		)
	}

	return {
		text: (file, text) => byRules(file, replaceKnown(file, maskSecrets(file, text, hider(file)))),
		kube(file, json) {
			const masked = maskKubeList(file.replace(/^.*\/|\.json$/g, ''), json, hider(file))
			return masked === '' ? '' : byRules(file, replaceKnown(file, masked))
		},
		again: replaceKnown,
		knows: () => known.size > 0,
		omits: file => rules?.omits(file) ?? false,
		anew: () => redactor(rules, key, known),
		masked: () =>
			[...counts].flatMap(([file, kindsHere]) =>
				[...kindsHere].map(([kind, count]) => ({ kind, file, count })),
			),
	}
}
