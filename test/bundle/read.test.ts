import { describe, expect, it } from 'vitest'
import { readEvidence } from '../../src/bundle/read.js'
import type { Entry } from '../../src/model/bundle.js'
import { type Source, source } from '../../src/sources/source.js'
import { bundleOf } from '../bundle-of.js'

const none = { total: 0, available: 0, swapTotal: 0, swapFree: 0, swaps: [], pressure: {} }

const swap: Source<'memory'> = source({
	name: 'memory',
	title: 'memory',
	wants: ({ unit }) => [
		{ file: 'commands/free.txt', askFor: `free ${unit}` },
		{ file: 'commands/swapon.txt', askFor: 'swapon --show', optional: true },
	],
	collect: async () => {},
	parse: bundle => {
		const text = bundle.files.get('commands/free.txt')
		return text === undefined ? undefined : { ...none, total: Number(text) }
	},
})

const gapsWith = (files: Record<string, string>, entries: Entry[] = []) =>
	readEvidence(bundleOf(files, {}, entries), [swap]).gaps

describe('reading a bundle', () => {
	it('puts what each source reads under its name', () => {
		const { evidence, gaps } = readEvidence(bundleOf({ 'commands/free.txt': '5' }), [swap])
		expect(evidence.memory).toMatchObject({ total: 5 })
		expect(evidence.node.hostname).toBe('node-1')
		expect(gaps).toEqual([])
	})

	it('leaves evidence away where there is none', () => {
		expect('memory' in readEvidence(bundleOf({}), [swap]).evidence).toBe(false)
	})

	it('makes a gap of what was never asked', () => {
		expect(gapsWith({})).toEqual([
			{
				source: 'memory',
				file: 'commands/free.txt',
				why: 'absent',
				detail: 'Not in this bundle.',
				askFor: 'free k3s.service',
				matters: false,
			},
		])
	})

	it('makes a gap of what was asked in vain, and says what came of it', () => {
		const entry: Entry = {
			file: 'commands/free.txt',
			why: 'denied',
			stderr: 'first\nfree: not permitted\n\n',
		}
		expect(gapsWith({}, [entry])[0]).toMatchObject({
			why: 'denied',
			detail: 'There was no permission. free: not permitted',
		})
		// What came before the time was over is read, and still not the whole answer.
		expect(gapsWith({ 'commands/free.txt': '' }, [{ ...entry, why: 'timeout' }])[0]).toMatchObject({
			why: 'timeout',
		})
	})

	it('makes a gap of a command that failed without an output', () => {
		const entry: Entry = { file: 'commands/free.txt', exit: 1, stderr: 'connection refused\n' }
		expect(gapsWith({}, [entry])[0]).toMatchObject({
			why: 'failed',
			detail: 'The command failed (exit status 1). connection refused',
		})
		expect(gapsWith({ 'commands/free.txt': '5' }, [entry])).toEqual([])
	})

	it('makes a gap of what a folder held that could not be read', () => {
		expect(gapsWith({}, [{ file: 'commands', why: 'denied' }])[0]).toMatchObject({ why: 'denied' })
	})

	it('makes no gap of what many nodes do not have, unless asking for it failed', () => {
		const files = { 'commands/free.txt': '5' }
		expect(gapsWith(files)).toEqual([])
		expect(gapsWith(files, [{ file: 'commands/swapon.txt', why: 'absent' }])).toEqual([])
		expect(gapsWith(files, [{ file: 'commands/swapon.txt', why: 'timeout' }])).toHaveLength(1)
	})

	it('makes a gap of a source that fails, and lets the others read', () => {
		const broken: Source = {
			...swap,
			name: 'disks',
			matters: true,
			parse: () => {
				throw new TypeError('x is not iterable')
			},
		}
		const { evidence, gaps } = readEvidence(bundleOf({ 'commands/free.txt': '5' }), [broken, swap])
		expect(evidence.memory).toBeDefined()
		expect(evidence.disks).toBeUndefined()
		expect(gaps).toEqual([
			{
				source: 'disks',
				file: 'commands/free.txt',
				why: 'unreadable',
				detail: 'Reading it failed: x is not iterable',
				askFor: 'free k3s.service',
				matters: true,
			},
		])
	})

	it('knows the state of the service', () => {
		expect(readEvidence(bundleOf({}), []).evidence.service?.state).toBe('unknown')
	})
})
