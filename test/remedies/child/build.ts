/** The child doctor as one file that plain Node runs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export async function buildChild(): Promise<{ path: string; cleanup: () => void }> {
	const folder = mkdtempSync(join(tmpdir(), 'remedies-child-'))
	const path = join(folder, 'child.mjs')
	await build({
		entryPoints: [fileURLToPath(new URL('./entry.ts', import.meta.url))],
		outfile: path,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node22',
		logLevel: 'silent',
		// A dependency may still ask for `require`.
		banner: {
			js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
		},
		external: ['@kubernetes/client-node'],
	})
	return { path, cleanup: () => rmSync(folder, { recursive: true, force: true }) }
}
