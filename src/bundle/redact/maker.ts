/**
 * Which redactor made a bundle: what is asked later, or leaves by another way (the clipboard, a saved view), gets the
 * same marks, and a secret that was found in the bundle is found there as well.
 */
import type { Bundle } from '../../model/bundle.js'
import { type Redactor, redactor } from './redactor.js'

const makers = new WeakMap<Bundle, Redactor>()

export function madeBy(redact: Redactor, bundle: Bundle): Bundle {
	makers.set(bundle, redact)
	return bundle
}

/** Knows what the bundle's own redactor knows, and counts from zero; of a bundle that nobody masked, a new one. */
export function redactorFor(bundle: Bundle | undefined): Redactor {
	return (bundle && makers.get(bundle)?.anew()) ?? redactor()
}

/** A text that is to leave: what is secret in it is masked, whatever way it came. */
export function maskedFor(bundle: Bundle | undefined, text: string): string {
	return redactorFor(bundle).text('', text)
}
