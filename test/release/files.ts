/** What `npm run release` has made. Its tests run where CI, or whoever built, says so with K3S_DOCTOR_BUILT. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const isBuilt = process.env.K3S_DOCTOR_BUILT !== undefined
export const made = (name: string) => join(root, 'dist', name)
export const isMade = (name: string) => isBuilt && existsSync(made(name))
export const { version, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	version: string
	files: string[]
}

export const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
export const executable = made(`k3s-doctor-linux-${arch}`)
export const singleFile = made('k3s-doctor.cjs')

export function has(program: string): boolean {
	return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** Runs to the end, without anything of this environment. */
export function ran(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
	const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', env, cwd: root })
	if (error) throw error
	return { status, stdout, stderr }
}
