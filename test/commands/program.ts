/** Runs the real program as a person would: as it was compiled, or the built file that is to be tested. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { built } from '../built.js'

export const bin = fileURLToPath(new URL('../../bin/k3s-doctor.js', import.meta.url))

const program = built ?? ([process.execPath, bin] as const)

export interface Ran {
	stdout: string
	stderr: string
	status: number | null
	ms: number
}

export function run(
	args: readonly string[],
	options: { input?: string | Buffer; env?: NodeJS.ProcessEnv; uid?: number } = {},
): Promise<Ran> {
	const began = performance.now()
	return new Promise((resolve, reject) => {
		const { FORCE_COLOR: _forced, ...env } = { ...process.env, ...options.env }
		const [file, ...first] = program
		const child = spawn(file, [...first, ...args], {
			env,
			stdio: ['pipe', 'pipe', 'pipe'],
			...(options.uid !== undefined && { uid: options.uid }),
		})
		let stdout = ''
		let stderr = ''
		child.stdout.setEncoding('utf8').on('data', text => {
			stdout += text
		})
		child.stderr.setEncoding('utf8').on('data', text => {
			stderr += text
		})
		child.on('error', reject)
		child.on('close', status => resolve({ stdout, stderr, status, ms: performance.now() - began }))
		// The program may be done before it has read all.
		child.stdin.on('error', () => {})
		child.stdin.end(options.input ?? '')
	})
}
