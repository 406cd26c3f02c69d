/** When k3s renews a certificate. */

/** 120 days before its end since May 2025 (v1.33.1, v1.32.5, v1.31.9, v1.30.13), 90 days before that. */
export function renewalDays(version: string | undefined): number {
	const parts = /v?1\.(\d{1,3})\.(\d{1,4})/.exec(version ?? '')
	if (!parts) return 120
	const minor = Number(parts[1])
	const patch = Number(parts[2])
	const first: Readonly<Record<number, number>> = { 30: 13, 31: 9, 32: 5, 33: 1 }
	if (minor > 33) return 120
	return patch >= (first[minor] ?? Number.POSITIVE_INFINITY) ? 120 : 90
}
