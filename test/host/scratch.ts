/** A directory of its own for each test, with programs that behave badly. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const made: string[] = []

afterEach(() => {
	for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

export function scratchDir(): string {
	const dir = mkdtempSync(join(tmpdir(), 'hands-'))
	made.push(dir)
	return dir
}

/** A shell script that can be run; returns its path. */
export function script(dir: string, name: string, ...lines: string[]): string {
	const path = join(dir, name)
	writeFileSync(path, ['#!/bin/bash', ...lines, ''].join('\n'))
	chmodSync(path, 0o755)
	return path
}

/** Runs `work` with `dir` in front of the search path. */
export async function withPrograms<T>(dir: string, work: () => Promise<T>): Promise<T> {
	const before = process.env.PATH
	process.env.PATH = `${dir}:${before}`
	try {
		return await work()
	} finally {
		process.env.PATH = before
	}
}

/** A directory in which each of `names` is the same script. */
export function programs(names: readonly string[], ...lines: string[]): string {
	const dir = join(scratchDir(), 'bin')
	mkdirSync(dir)
	for (const name of names) script(dir, name, ...lines)
	return dir
}

/** Waits until `condition` holds; throws after a minute. */
export async function until(condition: () => boolean): Promise<void> {
	const ends = Date.now() + 60_000
	while (!condition()) {
		if (Date.now() > ends) throw new Error(`still not: ${condition}`)
		await new Promise(resolve => setTimeout(resolve, 10))
	}
}

/** Whether a process is there and not merely waiting to be buried. */
export function lives(pid: number): boolean {
	try {
		return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
	} catch {
		return false
	}
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
	const started = performance.now()
	await work()
	return performance.now() - started
}
