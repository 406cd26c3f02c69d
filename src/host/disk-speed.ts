/**
 * How fast a disk makes small writes last: what a datastore does all day, a few hundred times. It writes one file of
 * less than a megabyte with a name that says whose it is, and removes it whatever happens.
 */
import { rmSync } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DiskSpeed } from '../model/disk-speed.js'
import { messageOf } from './answer.js'
import type { Host } from './host.js'

export interface DiskTrial {
	writes?: number
	/** etcd's own measure is 2300: https://etcd.io/docs/v3.5/faq/ */
	bytes?: number
	/** After this long no further write is begun. */
	limitMs?: number
}

/** A disk with less room than that is not written to. */
const leastFree = 64 * 1024 * 1024
const leastFreeShare = 0.03

/** Tries the disk that holds, or would hold, `path`. Never throws. */
export async function measureDisk(
	host: Pick<Host, 'stat'>,
	path: string,
	{ writes = 200, bytes = 2300, limitMs = 2000 }: DiskTrial = {},
): Promise<DiskSpeed | { skipped: string }> {
	const folder = await nearest(host, path)
	if (folder === undefined) return { skipped: `no folder above ${path} answers` }
	try {
		const { bavail, blocks, bsize } = await statfs(folder)
		if (bavail * bsize < leastFree || bavail < blocks * leastFreeShare)
			return { skipped: `there is too little room in ${folder} to write anything for a trial` }
	} catch (error) {
		return { skipped: `${folder}: ${messageOf(error)}` }
	}
	return writeAndRemove(join(folder, `.k3s-doctor-disk-trial-${process.pid}`), writes, bytes, limitMs)
}

/** The folder itself, or the nearest one above that is there. */
async function nearest(host: Pick<Host, 'stat'>, path: string): Promise<string | undefined> {
	for (let here = path; ; here = dirname(here)) {
		const answer = await host.stat(here)
		if (answer.ok) return answer.value.type === 'dir' || answer.value.type === 'link' ? here : undefined
		if (answer.unavailable.why !== 'absent' || here === dirname(here)) return undefined
	}
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function writeAndRemove(
	path: string,
	writes: number,
	bytes: number,
	limitMs: number,
): Promise<DiskSpeed | { skipped: string }> {
	const times: number[] = []
	let removed = false
	const remove = () => {
		try {
			rmSync(path, { force: true })
			removed = true
		} catch {
			removed = false
		}
	}
	const endEarly = (signal: NodeJS.Signals) => {
		remove()
		for (const name of signals) process.off(name, endEarly)
		process.kill(process.pid, signal)
	}
	try {
		const file = await open(path, 'wx', 0o600)
		for (const name of signals) process.on(name, endEarly)
		try {
			const block = Buffer.alloc(bytes, 'k3s-doctor disk trial\n')
			const ends = performance.now() + limitMs
			while (times.length < writes && performance.now() < ends) {
				const began = performance.now()
				await file.write(block)
				await file.datasync()
				times.push(performance.now() - began)
			}
		} finally {
			await file.close().catch(() => undefined)
			remove()
			for (const name of signals) process.off(name, endEarly)
		}
	} catch (error) {
		if (times.length === 0) return { skipped: `${path} could not be written: ${messageOf(error)}` }
	}
	if (times.length === 0) return { skipped: 'no write was done in time' }
	return { path, writes: times.length, bytes, ...spread(times), ...(!removed && { left: true as const }) }
}

function spread(times: readonly number[]): Pick<DiskSpeed, 'median' | 'p99' | 'slowest'> {
	const sorted = times.toSorted((a, b) => a - b)
	const at = (share: number) =>
		rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
	return { median: at(0.5), p99: at(0.99), slowest: rounded(sorted.at(-1) ?? 0) }
}

const rounded = (ms: number) => Math.round(ms * 100) / 100
