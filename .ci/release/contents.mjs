// What a package puts on a host, and what it says of itself.
import { spawnSync } from 'node:child_process'
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

/** The files of a package around one executable: `{path, content, mode}`, sorted by path. */
export function contentsOf(program, licences) {
	const doc = '/usr/share/doc/k3s-doctor'
	const read = name => readFileSync(join(root, name))
	return [
		{ path: '/usr/bin/k3s-doctor', content: program, mode: 0o755 },
		{ path: `${doc}/README.md`, content: read('README.md'), mode: 0o644 },
		{ path: `${doc}/copyright`, content: Buffer.from(licences), mode: 0o644 },
		...completions(),
		...manual(),
	].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Each shell's completion, as the program itself prints it. */
function completions() {
	const places = {
		bash: '/usr/share/bash-completion/completions/k3s-doctor',
		zsh: '/usr/share/zsh/vendor-completions/_k3s-doctor',
		fish: '/usr/share/fish/vendor_completions.d/k3s-doctor.fish',
	}
	return Object.entries(places).flatMap(([shell, path]) => {
		const content = said('completion', shell)
		return content ? [{ path, content, mode: 0o644 }] : []
	})
}

function manual() {
	const content = said('man')
	return content
		? [{ path: '/usr/share/man/man1/k3s-doctor.1.gz', content: gzipSync(content), mode: 0o644 }]
		: []
}

function said(...args) {
	const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/k3s-doctor.js'), ...args])
	return status === 0 && stdout.length > 0 ? stdout : undefined
}

/** Folders that every system has; a package does not own them. */
const everywhere =
	/^\/(usr(\/(bin|share(\/(doc|man(\/man1)?|bash-completion(\/completions)?|zsh|fish))?)?)?)?$/

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
