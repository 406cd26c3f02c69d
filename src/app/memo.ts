/** Remembers what was last made of an object, so that a key press does not make it again. Never changes an answer. */
export function remembering<K extends object, A extends string, V>(
	make: (key: K, argument: A) => V,
): (key: K, argument: A) => V {
	const known = new WeakMap<K, { argument: A; value: V }>()
	return (key, argument) => {
		const last = known.get(key)
		if (last && last.argument === argument) return last.value
		const value = make(key, argument)
		known.set(key, { argument, value })
		return value
	}
}
