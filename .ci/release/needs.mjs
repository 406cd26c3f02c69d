// What the executable needs of a host: read from it, not remembered.

/** Shared libraries of a 64 bit little-endian ELF file, and the newest version of glibc among what it takes from them. */
export function needsOf(elf) {
	const table = Number(elf.readBigUInt64LE(0x28))
	const sections = Array.from({ length: elf.readUInt16LE(0x3c) }, (_, index) => {
		const at = table + index * 64
		const number = offset => Number(elf.readBigUInt64LE(at + offset))
		return {
			type: elf.readUInt32LE(at + 4),
			offset: number(0x18),
			size: number(0x20),
			link: elf.readUInt32LE(at + 0x28),
		}
	})
	const textAt = (section, offset) => {
		const from = sections[section.link].offset + offset
		return elf.latin1Slice(from, elf.indexOf(0, from))
	}
	const dynamic = sections.find(({ type }) => type === 6)
	const libraries = []
	for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16)
		if (elf.readBigUInt64LE(at) === 1n) libraries.push(textAt(dynamic, Number(elf.readBigUInt64LE(at + 8))))
	const versions = elf
		.latin1Slice(sections[dynamic.link].offset, sections[dynamic.link].offset + sections[dynamic.link].size)
		.match(/(?<=\0)GLIBC_2\.(\d+)(?=\0)/g)
	const glibc = Math.max(...versions.map(version => Number(version.slice(8))))
	return {
		libraries,
		glibc: `2.${glibc}`,
		debian: `libc6 (>= 2.${glibc}), libstdc++6, libgcc-s1 | libgcc1`,
		rpm: [...libraries.map(name => `${name}()(64bit)`), `libc.so.6(GLIBC_2.${glibc})(64bit)`].filter(
			name => !name.startsWith('ld-linux'),
		),
	}
}
