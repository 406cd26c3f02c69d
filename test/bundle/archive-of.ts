/** Archives made byte by byte, so that they can be as wrong as archives of others are. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export interface Member {
	name: string
	body?: string | Buffer
	/** Type flag of the header: `0` file, `1` hard link, `2` symbolic link, `3` device, `5` directory, `6` FIFO. */
	type?: string
	/** Size that the header claims, if it is not the body's. */
	claims?: number
	linkTo?: string
}

function octal(value: number, width: number): string {
	return `${value.toString(8).padStart(width - 1, '0')}\0`
}

/** The 512 bytes before a member's body. */
export function headerOf({ name, body = '', type = '0', claims, linkTo = '' }: Member): Buffer {
	const header = Buffer.alloc(512)
	header.write(name, 0, 100)
	header.write(octal(0o644, 8), 100)
	header.write(octal(0, 8), 108)
	header.write(octal(0, 8), 116)
	header.write(octal(claims ?? Buffer.byteLength(body), 12), 124)
	header.write(octal(1_700_000_000, 12), 136)
	header.write('        ', 148)
	header.write(type, 156)
	header.write(linkTo, 157, 100)
	header.write('ustar\x0000', 257)
	let sum = 0
	for (const byte of header) sum += byte
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
	return header
}

/** A tar archive with its end mark. */
export function tarOf(members: readonly Member[]): Buffer {
	const parts: Buffer[] = []
	for (const member of members) {
		const body = Buffer.from(member.body ?? '')
		parts.push(headerOf(member), body, Buffer.alloc((512 - (body.length % 512)) % 512))
	}
	parts.push(Buffer.alloc(1024))
	return Buffer.concat(parts)
}

/** A small bundle's files: what each test changes one thing of. */
export const smallBundle: Readonly<Record<string, string>> = {
	'bundle.json': JSON.stringify({
		schema: 1,
		takenAt: '2026-03-04T05:06:07Z',
		node: {
			hostname: 'edge-7',
			role: 'agent',
			unit: 'k3s-agent.service',
			init: 'systemd',
			dataDir: '/data/k3s',
			root: true,
		},
		entries: [
			{ file: 'commands/df.txt', argv: ['df', '-PT'], exit: 0, ms: 7 },
			{ file: 'journal/k3s-agent.log', argv: ['journalctl'], exit: 0, ms: 9 },
		],
	}),
	'commands/df.txt': 'Filesystem 1024-blocks Used\n/dev/vda 100 50\n',
	'files/etc/hosts': '127.0.0.1 localhost\n',
	'journal/k3s-agent.log':
		'2026-03-04T05:00:00.000001+0000 edge-7 k3s[9]: time="2026-03-04T05:00:00Z" level=info msg="Starting k3s agent v1.33.1+k3s1 (abc)"\n',
}

/** The members of an archive of these files, below `top`. */
export function membersOf(files: Readonly<Record<string, string | Buffer>>, top = ''): Member[] {
	return Object.entries(files).map(([name, body]) => ({ name: `${top}${name}`, body }))
}

let scratch: string | undefined
let made = 0

/** A folder that is gone after the test file's last test. */
export function scratchFolder(): string {
	if (scratch === undefined) {
		const path = mkdtempSync(join(tmpdir(), 'k3s-doctor-test-'))
		scratch = path
		afterAll(() => rmSync(path, { recursive: true, force: true }))
	}
	return scratch
}

/** Writes bytes to a file of no telling name. */
export function fileWith(bytes: string | Uint8Array): string {
	const path = join(scratchFolder(), `given-${++made}`)
	writeFileSync(path, bytes)
	return path
}
