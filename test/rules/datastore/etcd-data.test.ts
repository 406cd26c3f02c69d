/** Damage, quota, resets and snapshots of embedded etcd. */
import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { zap as etcdLine } from '../../scenes/lines.js'
import {
	crashing,
	error,
	goodStart,
	info,
	journalText,
	listed,
	listingEntry,
	restarting,
	running,
	type Said,
	starting,
	unitShow,
} from '../unit.js'

const db = '/var/lib/rancher/k3s/server/db'
const zap = (msg: string, more: Record<string, unknown> = {}, level = 'warn') =>
	etcdLine(level, msg, more, { caller: 'etcdserver/x.go:1' })

/** A server that hangs in its start, having said this. */
const hanging = (lines: readonly string[], more: Record<string, string> = {}) =>
	starting(
		lines.map((body, index): Said => [3 + index, 'k3s', body]),
		'04:09:00',
		more,
	)

describe('etcd-corrupt', () => {
	it.each([
		'Error: preparing server: failed to bootstrap cluster data: failed to reconcile with temporary etcd: walpb: crc mismatch',
		'starting kubernetes: preparing server: failed to reconcile with temporary etcd: wal: max entry size limit exceeded, recBytes: 8192, fileSize(64000000) - offset(0)',
		'Error: preparing server: start managed database: invalid state for wal directory',
		'Error: preparing server: failed to bootstrap cluster data: failed to create temporary datastore client: failed to stat MVCC KV store backend path: no such file or directory',
		'panic: page 5 already freed',
		'panic: tocommit(204) is out of range [lastIndex(180)]. Was the raft log corrupted, truncated, or lost?',
	])('is told by the last word: %s', word => {
		const said = word.startsWith('panic')
			? word
			: `time="2026-11-21T04:00:02Z" level=fatal msg=${JSON.stringify(word)}`
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', info('Starting k3s v1.27.3+k3s1 (abcdef12)')],
				[2, 'k3s', said],
				[2, 'systemd', "%u: Failed with result 'exit-code'."],
			]),
		}
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'etcd-corrupt': 'certain' })
	})

	it('is told by an etcd that has lost its identity, in another data directory', async () => {
		const examination = await judgeRecording('etcd-wal-corrupt', {
			'journal/k3s.log': text =>
				text
					.replaceAll('/var/lib/rancher/k3s', '/srv/k3s')
					.split('\n')
					.filter(line => !line.includes('max entry size'))
					.join('\n'),
		})
		expect(rootsOf(examination)).toEqual(['etcd-corrupt'])
		expect(causesOf(examination)['etcd-corrupt']).toBe('certain')
	})

	it('is told by a panic among the pages of the database', () => {
		const panic = (frame: string) => ({
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', info('Starting k3s v1.33.4+k3s1 (abcdef12)')],
				[2, 'k3s', 'unexpected fault address 0x7f2a00012000'],
				[2, 'k3s', 'fatal error: fault'],
				[2, 'k3s', frame],
				[2, 'systemd', "%u: Failed with result 'exit-code'."],
			]),
		})
		expect(rootsOf(judgeFiles(panic('go.etcd.io/bbolt.(*Cursor).searchPage(0xc000, {0x1, 0x2})')))).toEqual([
			'etcd-corrupt',
		])
		expect(causesOf(judgeFiles(panic('k8s.io/kubernetes/pkg/kubelet.Foo()')))).not.toHaveProperty(
			'etcd-corrupt',
		)
	})

	it('is told by members that hold different data', () => {
		const lines = [
			zap('found data inconsistency with peers', { error: 'etcdserver: corrupt cluster' }, 'error'),
		]
		expect(causesOf(judgeFiles(hanging(lines)))).toMatchObject({ 'etcd-corrupt': 'likely' })
	})

	it('is told by a log that was put aside, while k3s does not run', () => {
		const listing = `${listed(`${db}/etcd`, { type: 'd' })}${listed(`${db}/etcd/member/wal/0000000000000001-0000000000001000.wal.broken`)}`
		const files = crashing('Error: something that nobody knows', { 'commands/files.tsv': listing })
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toMatchObject({ 'etcd-corrupt': 'likely' })
		const well = running({ 'commands/files.tsv': listing })
		expect(causesOf(judgeFiles(well, {}, [listingEntry]))).not.toHaveProperty('etcd-corrupt')
	})

	it('is silent about a tail that was repaired before k3s became ready', () => {
		const lines: Said[] = [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', info('Starting k3s v1.33.4+k3s1 (abcdef12)')],
			[2, 'k3s', zap('repaired WAL', { error: 'unexpected EOF' }, 'info')],
			[2, 'k3s', zap('restarting local member', { 'cluster-id': 'ca5f', 'local-member-id': 'cb82' }, 'info')],
			[6, 'k3s', info('k3s is up and running')],
			[6, 'systemd', 'Started %u - Lightweight Kubernetes.'],
		]
		expect(
			causesOf(
				judgeFiles({ 'commands/systemctl-show.txt': unitShow(), 'journal/k3s.log': journalText(lines) }),
			),
		).toEqual({})
	})

	it('offers a single server its newest snapshot, and a joined one to join anew', async () => {
		const snapshots = `${listed(`${db}/etcd`, { type: 'd' })}${listed(`${db}/snapshots/etcd-snapshot-n-1`)}${listed(`${db}/snapshots/etcd-snapshot-n-2`)}`
		const word = 'Error: preparing server: failed to repair WAL'
		const alone = judgeFiles(crashing(word, { 'commands/files.tsv': snapshots }), {}, [listingEntry])
		expect(alone.report.diagnoses[0]?.remedies[0]?.title).toContain('etcd-snapshot-n-2')
		const joined = judgeFiles(
			crashing(word, { 'files/etc/rancher/k3s/config.yaml': 'server: https://first.example:6443\n' }),
		)
		expect(joined.report.diagnoses[0]?.remedies[0]?.steps.some(step => 'move' in step)).toBe(true)
	})
})

describe('etcd-space-exceeded', () => {
	const refusal =
		'E1121 04:09:00.000000     700 controller.go:251] "Failed to update lease" err="etcdserver: mvcc: database space exceeded"'

	it('is told by the refusal of a running server', () => {
		const files = running({ 'commands/date.txt': '2026-11-21T04:02:00,000000000+00:00\n' }, [
			[90, 'k3s', refusal],
		])
		expect(rootsOf(judgeFiles(files))).toEqual(['etcd-space-exceeded'])
	})

	it('is told by the alarm', () => {
		const alarm = error('Errors present on etcd cluster: [memberID:123 alarm:NOSPACE ]')
		expect(
			causesOf(
				judgeFiles(
					running({ 'commands/date.txt': '2026-11-21T04:02:00,000000000+00:00\n' }, [[90, 'k3s', alarm]]),
				),
			),
		).toMatchObject({
			'etcd-space-exceeded': 'likely',
		})
	})

	it('is over when the last refusal is an hour old', () => {
		const files = running({ 'commands/date.txt': '2026-11-21T05:30:00,000000000+00:00\n' }, [
			[90, 'k3s', refusal],
		])
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('is over after the restart that cleared it', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow(),
			'journal/k3s.log': journalText([
				...goodStart(),
				[60, 'k3s', refusal],
				[61, 'systemd', 'Stopping %u - Lightweight Kubernetes...'],
				[62, 'systemd', 'Stopped %u - Lightweight Kubernetes.'],
				...goodStart(70),
			]),
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('replaces a small quota by a larger one in the file where it stands', async () => {
		const { report } = await judgeRecording('etcd-nospace')
		const steps = report.diagnoses[0]?.remedies.find(({ title }) => title.startsWith('Raise'))?.steps
		expect(steps?.slice(0, 2)).toEqual([
			{ edit: '/etc/rancher/k3s/config.yaml', dropFrom: { 'etcd-arg': ['quota-backend-bytes=12000000'] } },
			{ edit: '/etc/rancher/k3s/config.yaml', addTo: { 'etcd-arg': ['quota-backend-bytes=8589934592'] } },
		])
	})

	it('is silent about a disk that is full: that is another space', () => {
		expect(causesOf(judgeFiles(crashing('Error: write /x: no space left on device')))).not.toHaveProperty(
			'etcd-space-exceeded',
		)
	})
})

describe('etcd-restore-incomplete', () => {
	it.each([
		'Error: preparing server: start managed database: Managed etcd cluster membership was previously reset, please remove the cluster-reset flag and start k3s normally. If you need to perform another cluster reset, you must first manually delete the file at /var/lib/rancher/k3s/server/db/reset-flag',
		'Error: etcd: snapshot path does not exist: /backup/etcd-1',
		'Error: preparing server: failed to bootstrap cluster data: no bootstrap data is available to reconcile against',
	])('is told by %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['etcd-restore-incomplete'])
	})

	it('takes the flag out of the file where it stands', () => {
		const word =
			'Error: Managed etcd cluster membership was previously reset, please remove the cluster-reset flag'
		const { report } = judgeFiles(
			crashing(word, { 'files/etc/rancher/k3s/config.yaml.d/50-reset.yaml': 'cluster-reset: true\n' }),
		)
		expect(report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml.d/50-reset.yaml',
			remove: ['cluster-reset'],
		})
	})

	it('is certain where the flag is set and the reset was done', () => {
		const files = crashing('Error: something that nobody knows', {
			'files/etc/rancher/k3s/config.yaml': 'cluster-reset: true\n',
			'commands/files.tsv': `${listed(`${db}/etcd`, { type: 'd' })}${listed(`${db}/reset-flag`, { size: 0 })}`,
		})
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toMatchObject({
			'etcd-restore-incomplete': 'certain',
		})
	})

	it('is silent when the flag is off', () => {
		const files = running({ 'files/etc/rancher/k3s/config.yaml': 'cluster-reset: false\n' })
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('etcd-snapshot-failed', () => {
	const at = { 'commands/date.txt': '2026-11-21T04:02:00,000000000+00:00\n' }

	it.each([
		'Failed to take scheduled snapshot: failed to initialize S3 client: bucket site-b does not exist',
		'Failed to take etcd snapshot: write /var/lib/rancher/k3s/server/db/snapshots/x: permission denied',
		'Unable to initialize S3 client: failed to test for existence of bucket b: Head "https://s3.example/b/": x509: certificate signed by unknown authority',
		'Unable to initialize S3 client: s3 bucket name was not set',
	])('is told by %s', words => {
		const examination = judgeFiles(running(at, [[60, 'k3s', error(words)]]))
		expect(causesOf(examination)).toMatchObject({ 'etcd-snapshot-failed': 'likely' })
		expect(examination.report.verdict).toBe('at-risk')
	})

	it('is told by the events alone', async () => {
		expect(rootsOf(await judgeRecording('etcd-s3-refused', { 'journal/k3s.log': null }))).toEqual([
			'etcd-snapshot-failed',
		])
	})

	it('is silent about book-keeping', () => {
		const lines: Said[] = [
			[60, 'k3s', error('Failed to record snapshots for cluster: context canceled')],
			[
				61,
				'k3s',
				info('Snapshot ConfigMap is too large, attempting to elide 3 of 40 entries to reduce size'),
			],
		]
		expect(causesOf(judgeFiles(running(at, lines)))).toEqual({})
	})
})
