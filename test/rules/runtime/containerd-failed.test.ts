import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { crashing, dying, goodStart, journalText, type Said } from '../unit.js'

describe('containerd-failed', () => {
	it('fires when containerd ends and nothing tells why', () => {
		expect(rootsOf(judgeFiles(dying('containerd exited: signal: killed')))).toEqual(['containerd-failed'])
		expect(rootsOf(judgeFiles(crashing('containerd exited: exit status 2')))).toEqual(['containerd-failed'])
	})

	it('fires when crictl gets no answer on a node that has been up for long', () => {
		const entry = {
			file: 'crictl/version.txt',
			argv: ['k3s', 'crictl', 'version'],
			exit: 1,
			why: 'failed' as const,
			stderr:
				'time="x" level=fatal msg="validate service connection: rpc error: code = Unavailable desc = dial unix /run/k3s/containerd/containerd.sock: connect: connection refused"',
		}
		expect(causesOf(judgeFiles(cluster(), {}, [entry]))).toEqual({ 'containerd-failed': 'likely' })
	})

	it('is silent about the first seconds of a start', () => {
		const lines: Said[] = [
			...goodStart(),
			[
				1,
				'k3s',
				'time="x" level=info msg="Waiting for containerd startup: rpc error: code = Unavailable desc = connection refused"',
			],
		]
		const files = { ...cluster(), 'journal/k3s.log': journalText(lines) }
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
