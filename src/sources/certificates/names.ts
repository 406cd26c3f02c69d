/** Names as node:crypto prints them. */

export interface DistinguishedName {
	/** On one line: `O=system:masters, CN=system:admin`. */
	text: string
	commonName: string
	organizations: string[]
}

/** From lines of `KEY=value`; `undefined` is an empty name. */
export function readName(lines: string | undefined): DistinguishedName {
	const parts = (lines ?? '').split('\n').filter(line => line !== '')
	const valuesOf = (key: string) =>
		parts.filter(part => part.startsWith(`${key}=`)).map(part => part.slice(key.length + 1))
	return {
		text: parts.join(', ').slice(0, 1000),
		commonName: valuesOf('CN').at(-1) ?? '',
		organizations: valuesOf('O'),
	}
}

/** `0:0:0:0:0:0:0:1` -> `::1`, as people and k3s write it. */
function shortAddress(address: string): string {
	if (!address.includes(':')) return address
	const host = URL.parse(`http://[${address.toLowerCase()}]/`)?.hostname
	return host ? host.slice(1, -1) : address
}

const most = 1000

/** DNS names and addresses of `DNS:h1, IP Address:10.43.0.1, …`; odd values are quoted as in JSON. */
export function readSans(text: string | undefined): string[] {
	const names: string[] = []
	const part = /(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g
	for (const [, kind, told = ''] of (text ?? '').matchAll(part)) {
		if (names.length >= most) break
		const name = told.startsWith('"') ? told.slice(1, -1) : told.trim()
		names.push(kind === 'DNS' ? name : shortAddress(name))
	}
	return names
}
