/** Epoch milliseconds of systemd's `Sat 2026-11-21 04:54:23 UTC`, `@1795237000`; `undefined` for `n/a` and ''. */
export function systemdTime(text: string | undefined, offsetMinutes: number): number | undefined {
	if (!text || text.length > 60) return undefined
	const unix = /^@(\d{1,12})(\.\d+)?$/.exec(text)
	if (unix) return Math.floor(Number(`${unix[1]}${unix[2] ?? ''}`) * 1000)
	const parts = /^(?:[^\s\d]+ )?(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: (\S+))?$/.exec(text)
	if (!parts) return undefined
	const at = Date.parse(`${parts[1]}T${parts[2]}Z`)
	if (Number.isNaN(at)) return undefined
	// Zone names are ambiguous (CST, IST): the node's own offset is what they stand for.
	return isUtc(parts[3]) ? at : at - offsetMinutes * 60_000
}

function isUtc(zone: string | undefined): boolean {
	return zone === 'UTC' || zone === 'GMT'
}
