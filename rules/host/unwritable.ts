/** What follows where nothing more can be written: a disk that is full, out of inodes or read-only. */
import type { CauseId } from '../../src/rule.js'

export const followsFromNoWrites: readonly CauseId[] = [
	'sqlite-slow',
	'containerd-failed',
	'runtime-create-failed',
	'datastore-overloaded',
	'data-dir-problem',
	'cert-key-mismatch',
	'filesystem-unsupported',
	'airgap-images-missing',
	'local-path-failed',
	'helm-job-failed',
	'api-unreachable',
	'node-not-ready',
]
