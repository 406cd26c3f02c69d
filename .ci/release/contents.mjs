// What a package puts on a host, and what it says of itself.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../bundle/parts.mjs'

const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

export const about = {
	summary: description,
	maintainer: 'k3s-doctor <k3s-doctor@localhost>',
	licence: 'Apache-2.0',
	text: [
		'A rule engine over systemd, the journal, containerd, certificates, ports and the',
		'rest of the state of a node shows ranked diagnoses with their proof, and the',
		'commands that mend the node. Works without a network and without Node.js.',
	],
}

/** The files of a package (`deb` or `rpm`) around one executable: `{path, content, mode}`, sorted by path. */
export function contentsOf(kind, program, licences, epoch) {
	const doc = '/usr/share/doc/k3s-doctor'
	const read = name => readFileSync(join(root, name))
	return [
		{ path: '/usr/bin/k3s-doctor', content: program, mode: 0o755 },
		{ path: `${doc}/README.md`, content: read('README.md'), mode: 0o644 },
		{ path: `${doc}/copyright`, content: Buffer.from(licences), mode: 0o644 },
		...completions(kind, epoch),
		manual(epoch),
	].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Each shell's completion, as the program itself prints it. */
function completions(kind, epoch) {
	const places = {
		bash: '/usr/share/bash-completion/completions/k3s-doctor',
		zsh: `/usr/share/zsh/${kind === 'deb' ? 'vendor-completions' : 'site-functions'}/_k3s-doctor`,
		fish: '/usr/share/fish/vendor_completions.d/k3s-doctor.fish',
	}
	return Object.entries(places).map(([shell, path]) => ({
		path,
		content: said(epoch, 'completion', shell),
		mode: 0o644,
	}))
}

function manual(epoch) {
	const content = gzipSync(said(epoch, 'man'))
	return { path: '/usr/share/man/man1/k3s-doctor.1.gz', content, mode: 0o644 }
}

/** What the program prints, dated like everything else. */
function said(epoch, ...args) {
	const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch) }
	return execFileSync(process.execPath, [join(root, 'bin/k3s-doctor.js'), ...args], { env })
}

/** Folders that every system has; a package does not own them. */
const everywhere =
	/^\/(usr(\/(bin|share(\/(doc|man(\/man1)?|bash-completion(\/completions)?|zsh(\/site-functions)?|fish(\/vendor_completions\.d)?))?)?)?)?$/

/** The files with the folders that lead to them, as Debian wants them. */
export function withFolders(files) {
	const folders = new Set(['/'])
	for (const { path } of files) {
		const parts = path.split('/').slice(1, -1)
		for (const index of parts.keys()) folders.add(`/${parts.slice(0, index + 1).join('/')}/`)
	}
	const entries = [...folders].map(path => ({ path, mode: 0o755, type: 'directory' }))
	return [...entries, ...files].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Folders that are this package's own. */
export function ownFolders(files) {
	return withFolders(files)
		.filter(({ path, type }) => type === 'directory' && !everywhere.test(path.slice(0, -1) || '/'))
		.map(({ path }) => path.slice(0, -1))
}
