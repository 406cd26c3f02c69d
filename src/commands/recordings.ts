/** The recorded nodes, as files of the package. A single-file build puts its own `recordedBytes` in this one's place. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A `.tar.gz`. This file lies in `dist/src/commands` of the package. */
export async function recordedBytes(name: string): Promise<Uint8Array> {
	return readFile(fileURLToPath(new URL(`../../../test/recordings/${name}.tar.gz`, import.meta.url)))
}
