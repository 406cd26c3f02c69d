/** The doctor's own state: what it is, with whose rights it runs, what terminal it has, where it may write. */
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { NodeFacts } from '../../model/bundle.js'
import { causes } from '../../model/causes.js'
import { placesOf } from '../../remedies/places.js'
import { doctorVersion } from '../../version.js'
import type { Line } from './text.js'

/** A bundled build has its version built in; a single executable knows that it is one. */
function buildOf(): string {
	const sea = process.getBuiltinModule?.('node:sea')
	if (sea?.isSea()) return 'single executable'
	return process.env.K3S_DOCTOR_VERSION ? 'one file' : 'with its packages beside it'
}

export function versionLine(): string {
	return `k3s-doctor ${doctorVersion()}, ${buildOf()}, Node.js ${process.version}, ${process.platform} ${process.arch}`
}

/** Whether all of its own parts load, and in what time. */
export async function ownLines(): Promise<Line[]> {
	const started = Math.round(performance.now())
	const parts: Line[] = [{ mark: 'yes', name: 'start', says: 'since the process began', ms: started }]
	const count = Object.keys(causes).length
	parts.push(
		await loaded('rules', async () => {
			const { rules } = await import('../../../rules/index.js')
			return `${rules.length} rules for ${count} causes`
		}),
		await loaded('app', async () => {
			await import('../app.js')
			return 'loads'
		}),
		await loaded('API client', async () => {
			// Named, so that a bundle takes only this of it.
			const { KubeConfig } = await import('@kubernetes/client-node')
			return new KubeConfig().getContexts() ? 'loads' : 'does not load'
		}),
	)
	parts.push({ mark: 'yes', name: 'memory', says: `${Math.round(process.memoryUsage.rss() / 1_000_000)} MB` })
	return parts
}

async function loaded(name: string, load: () => Promise<string>): Promise<Line> {
	const began = performance.now()
	try {
		const says = await load()
		return { mark: 'yes', name, says, ms: performance.now() - began }
	} catch (error) {
		return { mark: 'no', name, says: error instanceof Error ? error.message : String(error) }
	}
}

export function rightsLine({ root }: NodeFacts): Line {
	return root
		? { mark: 'yes', name: 'rights', says: 'root' }
		: {
				mark: 'no',
				name: 'rights',
				says: `user ${process.getuid?.() ?? 'unknown'}, not root: keys, logs and most of k3s stay unseen. sudo k3s-doctor self-check`,
			}
}

export async function terminalLine(): Promise<Line> {
	const { hasScreen } = await import('../app.js')
	const { TERM, NO_COLOR } = process.env
	const { stdin, stdout } = process
	if (hasScreen()) {
		const colours = NO_COLOR ? 'no colours (NO_COLOR)' : `${2 ** stdout.getColorDepth()} colours`
		return {
			mark: 'yes',
			name: 'terminal',
			says: `${stdout.columns}×${stdout.rows}, ${TERM ?? 'TERM is not set'}, ${colours}: the app opens`,
		}
	}
	const why = !stdout.isTTY
		? 'standard output is none'
		: !stdin.isTTY
			? 'standard input is none'
			: `TERM is ${TERM}`
	return { mark: 'absent', name: 'terminal', says: `${why}: the report is printed, the app does not open` }
}

/** Where what is run on this node would be written down. */
export async function placeLines({ dataDir }: NodeFacts): Promise<Line[]> {
	const { audits } = placesOf(dataDir)
	for (const path of audits)
		if (await writable(path)) return [{ mark: 'yes', name: 'records', says: `go to ${path}` }]
	return [
		{
			mark: 'absent',
			name: 'records',
			says: `cannot be written to ${dirname(audits[0] ?? '')}, nor elsewhere: no remedy would be run from here`,
		},
	]
}

/** Itself, or the nearest folder above it that is there. */
async function writable(path: string): Promise<boolean> {
	try {
		await access(path, constants.W_OK)
		return true
	} catch (error) {
		const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
		return missing && path !== '/' && writable(dirname(path))
	}
}
