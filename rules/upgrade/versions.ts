/** k3s versions, as far as rules compare them. */

export interface Version {
	major: number
	minor: number
	patch: number
}

/** `v1.36.2+k3s1` -> its numbers. */
export function versionOf(text: string | undefined): Version | undefined {
	const parts = /v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})/.exec(text ?? '')
	return parts ? { major: Number(parts[1]), minor: Number(parts[2]), patch: Number(parts[3]) } : undefined
}

/** How many minor versions `a` is ahead of `b`; `undefined` where one is no version. */
export function minorsAhead(a: string | undefined, b: string | undefined): number | undefined {
	const [left, right] = [versionOf(a), versionOf(b)]
	if (!left || !right || left.major !== right.major) return undefined
	return left.minor - right.minor
}

/** Whether `a` is an older release than `b`. */
export function isOlder(a: string | undefined, b: string | undefined): boolean {
	const [left, right] = [versionOf(a), versionOf(b)]
	if (!left || !right) return false
	const differences = [left.major - right.major, left.minor - right.minor, left.patch - right.patch]
	return (differences.find(difference => difference !== 0) ?? 0) < 0
}
