// A Debian package: an ar archive of a format number, a tar of the description, and a tar of the files.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { about, withFolders } from './contents.mjs'
import { tarOf } from './tar.mjs'

/** `files` are `{path, content, mode}` with absolute paths; `needs` is Debian's `Depends`. */
export async function debOf({ arch, version, files, needs, epoch }) {
	const entries = withFolders(files).map(({ path, ...rest }) => ({ name: `.${path}`, ...rest }))
	const data = gzipSync(await tarOf(entries, epoch))
	const size = Math.ceil(files.reduce((sum, { content }) => sum + content.length, 0) / 1024)
	const control = [
		'Package: k3s-doctor',
		`Version: ${version}`,
		`Architecture: ${arch}`,
		`Maintainer: ${about.maintainer}`,
		`Installed-Size: ${size}`,
		...(needs ? [`Depends: ${needs}`] : []),
		'Section: admin',
		'Priority: optional',
		`Description: ${about.summary}`,
		...about.text.map(line => ` ${line}`),
		'',
	].join('\n')
	const sums = files
		.map(({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path.slice(1)}\n`)
		.join('')
	const described = await tarOf(
		[
			{ name: './', type: 'directory', mode: 0o755 },
			{ name: './control', content: control, mode: 0o644 },
			{ name: './md5sums', content: sums, mode: 0o644 },
		],
		epoch,
	)
	return ar(
		[
			['debian-binary', Buffer.from('2.0\n')],
			['control.tar.gz', gzipSync(described)],
			['data.tar.gz', data],
		],
		epoch,
	)
}

function ar(members, epoch) {
	const parts = [Buffer.from('!<arch>\n')]
	for (const [name, content] of members) {
		const fields = [name.padEnd(16), String(epoch).padEnd(12), '0     ', '0     ', '100644  ']
		parts.push(Buffer.from(`${fields.join('')}${String(content.length).padEnd(10)}\`\n`), content)
		if (content.length % 2 === 1) parts.push(Buffer.from('\n'))
	}
	return Buffer.concat(parts)
}
