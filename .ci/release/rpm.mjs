// An RPM package, format 4: a lead, a header of sums, a header of everything else, and a compressed cpio archive.
import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { about, ownFolders } from './contents.mjs'
import { cpioOf } from './cpio.mjs'
import { headerOf } from './rpm-header.mjs'

const machines = { amd64: ['x86_64', 1], arm64: ['aarch64', 19] }
const release = '1'
const sensesLess = 2
const sensesEqual = 8
const ofRpm = 1 << 24

export function rpmName({ arch, version }) {
	return `k3s-doctor-${version}-${release}.${machines[arch][0]}.rpm`
}

const hex = (algorithm, ...parts) =>
	parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex')

/** `files` are `{path, content, mode}`; `needs` are capabilities such as `libc.so.6(GLIBC_2.28)(64bit)`. */
export function rpmOf({ arch, version, files, needs, epoch }) {
	const [machine, number] = machines[arch]
	const folders = ownFolders(files).map(path => ({ path, mode: 0o40755, content: Buffer.alloc(0) }))
	const entries = [...folders, ...files.map(file => ({ ...file, mode: 0o100000 | file.mode }))].sort(
		(a, b) => (a.path < b.path ? -1 : 1),
	)
	const archive = cpioOf(entries, epoch)
	const payload = gzipSync(archive)
	const header = headerOf(63, [
		...general({ version, machine, entries, epoch, archive, payload }),
		...fileTags(entries, epoch),
		...relations({ version, machine, needs }),
	])
	const sums = headerOf(62, [
		[269, 'string', hex('sha1', header)],
		[273, 'string', hex('sha256', header)],
		[1000, 'int32', [header.length + payload.length]],
		[1004, 'bin', createHash('md5').update(header).update(payload).digest()],
		[1007, 'int32', [archive.length]],
	])
	const gap = Buffer.alloc((8 - (sums.length % 8)) % 8)
	return Buffer.concat([lead(`k3s-doctor-${version}-${release}`, number), sums, gap, header, payload])
}

/** Read by no present-day program, but they look for it. */
function lead(name, machine) {
	const made = Buffer.alloc(96)
	made.writeUInt32BE(0xedabeedb, 0)
	made.writeUInt8(3, 4)
	made.writeUInt16BE(machine, 8)
	made.write(name.slice(0, 65), 10)
	made.writeUInt16BE(1, 76)
	made.writeUInt16BE(5, 78)
	return made
}

function general({ version, machine, entries, epoch, archive, payload }) {
	return [
		[100, 'strings', ['C']],
		[1000, 'string', 'k3s-doctor'],
		[1001, 'string', version],
		[1002, 'string', release],
		[1004, 'i18n', [about.summary]],
		[1005, 'i18n', [about.text.join('\n')]],
		[1006, 'int32', [epoch]],
		[1007, 'string', 'localhost'],
		[1009, 'int32', [entries.reduce((sum, { content }) => sum + content.length, 0)]],
		[1014, 'string', about.licence],
		[1015, 'string', about.maintainer],
		[1016, 'i18n', ['Applications/System']],
		[1021, 'string', 'linux'],
		[1022, 'string', machine],
		[1044, 'string', `k3s-doctor-${version}-${release}.src.rpm`],
		[1124, 'string', 'cpio'],
		[1125, 'string', 'gzip'],
		[1126, 'string', '9'],
		[5011, 'int32', [8]],
		[5092, 'strings', [hex('sha256', payload)]],
		[5093, 'int32', [8]],
		[5097, 'strings', [hex('sha256', archive)]],
	]
}

function fileTags(entries, epoch) {
	const folders = [...new Set(entries.map(({ path }) => `${dirname(path)}/`))].sort()
	const each = make => entries.map(make)
	const isFolder = ({ mode }) => (mode & 0o170000) === 0o40000
	const isDoc = ({ path, mode }) => path.startsWith('/usr/share/doc/') && !isFolder({ mode })
	return [
		[1028, 'int32', each(({ content }) => content.length)],
		[1030, 'int16', each(({ mode }) => mode)],
		[1033, 'int16', each(() => 0)],
		[1034, 'int32', each(() => epoch)],
		[1035, 'strings', each(entry => (isFolder(entry) ? '' : hex('sha256', entry.content)))],
		[1036, 'strings', each(() => '')],
		[1037, 'int32', each(entry => (isDoc(entry) ? 2 : 0))],
		[1039, 'strings', each(() => 'root')],
		[1040, 'strings', each(() => 'root')],
		[1045, 'int32', each(() => -1)],
		[1095, 'int32', each(() => 1)],
		[1096, 'int32', entries.map((_, index) => index + 1)],
		[1097, 'strings', each(() => '')],
		[1116, 'int32', each(({ path }) => folders.indexOf(`${dirname(path)}/`))],
		[1117, 'strings', each(({ path }) => basename(path))],
		[1118, 'strings', folders],
	]
}

function relations({ version, machine, needs }) {
	const full = `${version}-${release}`
	const provided = ['k3s-doctor', `k3s-doctor(${machine === 'x86_64' ? 'x86-64' : 'aarch-64'})`]
	const format = [
		['rpmlib(CompressedFileNames)', '3.0.4-1'],
		['rpmlib(FileDigests)', '4.6.0-1'],
		['rpmlib(PayloadFilesHavePrefix)', '4.0-1'],
	]
	const needed = [
		...needs.map(name => [name, 0, '']),
		...format.map(([name, since]) => [name, sensesLess | sensesEqual | ofRpm, since]),
	].sort(([a], [b]) => (a < b ? -1 : 1))
	return [
		[1047, 'strings', provided],
		[1112, 'int32', provided.map(() => sensesEqual)],
		[1113, 'strings', provided.map(() => full)],
		[1048, 'int32', needed.map(([, flags]) => flags)],
		[1049, 'strings', needed.map(([name]) => name)],
		[1050, 'strings', needed.map(([, , since]) => since)],
	]
}
