/** Several sources read the same part of a bundle (the unit, the configuration): it is read once. */
import type { Bundle } from '../model/bundle.js'

export function perBundle<T>(read: (bundle: Bundle) => T): (bundle: Bundle) => T {
	const known = new WeakMap<Bundle, { value: T }>()
	return bundle => {
		const before = known.get(bundle)
		if (before) return before.value
		const value = read(bundle)
		known.set(bundle, { value })
		return value
	}
}
