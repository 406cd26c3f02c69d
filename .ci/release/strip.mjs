// What a program does not need to run is left out of it: symbols and debugging information, for any processor and
// without a tool of that processor's. Done before a resource is put in, which moves what stands behind.

const noBits = 8
const allocated = 2n
const header = 64

/** A 64 bit little-endian ELF executable without the sections that are never loaded. */
export function stripped(elf) {
	if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1)
		throw new Error('not a 64 bit ELF file')
	const table = Number(elf.readBigUInt64LE(0x28))
	const count = elf.readUInt16LE(0x3c)
	const names = elf.readUInt16LE(0x3e)
	const at = index => elf.subarray(table + index * header, table + (index + 1) * header)
	const offset = section => Number(section.readBigUInt64LE(0x18))
	const size = section => Number(section.readBigUInt64LE(0x20))
	const sections = Array.from({ length: count }, (_, index) => at(index))
	const kept = sections
		.map((_, index) => index)
		.filter(
			index => index === 0 || index === names || (sections[index].readBigUInt64LE(8) & allocated) !== 0n,
		)
	const loaded = kept.filter(index => index !== names && sections[index].readUInt32LE(4) !== noBits)
	const end = Math.max(
		...loaded.map(index => offset(sections[index]) + size(sections[index])),
		...segmentEnds(elf),
	)
	const namesAt = end
	const tableAt = Math.ceil((namesAt + size(sections[names])) / 8) * 8
	const made = Buffer.alloc(tableAt + kept.length * header)
	elf.copy(made, 0, 0, end)
	elf.copy(made, namesAt, offset(sections[names]), offset(sections[names]) + size(sections[names]))
	for (const [place, index] of kept.entries()) {
		const copy = made.subarray(tableAt + place * header, tableAt + (place + 1) * header)
		sections[index].copy(copy)
		if (index === names) copy.writeBigUInt64LE(BigInt(namesAt), 0x18)
		// Links to other sections follow them; one to a section that is gone leads nowhere.
		copy.writeUInt32LE(Math.max(0, kept.indexOf(copy.readUInt32LE(0x28))), 0x28)
	}
	made.writeBigUInt64LE(BigInt(tableAt), 0x28)
	made.writeUInt16LE(kept.length, 0x3c)
	made.writeUInt16LE(kept.indexOf(names), 0x3e)
	return made
}

/** Where the bytes of each program header end in the file. */
function segmentEnds(elf) {
	const table = Number(elf.readBigUInt64LE(0x20))
	return Array.from({ length: elf.readUInt16LE(0x38) }, (_, index) => {
		const entry = table + index * elf.readUInt16LE(0x36)
		return Number(elf.readBigUInt64LE(entry + 0x08)) + Number(elf.readBigUInt64LE(entry + 0x20))
	})
}
