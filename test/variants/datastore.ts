/** SQLite, embedded etcd, databases elsewhere. */
import { failedSnapshots } from '../scenes/faults.js'
import { keepsSaying, klog } from '../scenes/journal.js'
import { zap } from '../scenes/lines.js'
import { member, recorded, server } from '../scenes/recorded.js'
import { serverEnds } from '../scenes/start.js'
import type { Variant } from './case.js'

const etcdConfig = 'cluster-init: true\n'
export const datastore: readonly Variant[] = [
	{
		name: 'SQLite on a disk that lost pages',
		cause: 'sqlite-corrupt',
		make: () =>
			serverEnds([
				'fatal Error: preparing server: failed to start cluster: creating storage endpoint: failed to create driver: querying max id: database disk image is malformed',
			]),
	},
	{
		name: 'SQLite that compacts in vain',
		cause: 'sqlite-slow',
		also: ['datastore-overloaded', 'disk-slow'],
		make: server(node => {
			keepsSaying(node, [
				'info Slow SQL (started: 2026-11-21 05:38:11.1 +0000 UTC m=+77.1) (total time: 4.811s):  SELECT ( SELECT MAX(rkv.id) AS id FROM kine AS rkv), 0 AS compact_revision : []',
				'error Compact failed: failed to compact to revision 99117: database is locked',
			])
			node.change('commands/files.tsv', text =>
				text.replace(/^(f\t\d+\t0\t0\t)\d+(\t\S+\t\S*server\/db\/state\.db\t)/m, '$14811221504$2'),
			)
		}),
	},
	{
		name: 'MariaDB behind a wrong port',
		cause: 'external-db-unreachable',
		also: ['datastore-type-changed'],
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: creating storage endpoint: failed to create driver: dial tcp 10.99.0.20:3307: connect: connection refused',
				],
				'datastore-endpoint: "mysql://kine:<redacted>@tcp(10.99.0.20:3307)/kine"\n',
			),
	},
	{
		name: 'PostgreSQL that wants TLS',
		cause: 'external-db-auth',
		also: ['datastore-type-changed'],
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: creating storage endpoint: failed to create driver: pq: no pg_hba.conf entry for host "10.99.0.11", user "kine", database "kine", no encryption',
				],
				'datastore-endpoint: "postgres://kine:<redacted>@10.99.0.20:5432/kine?sslmode=disable"\n',
			),
	},
	{
		name: 'a restore from a snapshot that is not there',
		cause: 'etcd-restore-incomplete',
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: start managed database: etcd: snapshot path does not exist: /srv/backup/etcd-snapshot-h1-1795235052',
				],
				`${etcdConfig}cluster-reset: true\ncluster-reset-restore-path: /srv/backup/etcd-snapshot-h1-1795235052\n`,
			),
	},
	{
		name: 'a cluster reset that was forgotten in the configuration',
		cause: 'etcd-restore-incomplete',
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: start managed database: Managed etcd cluster membership was previously reset, please remove the cluster-reset flag and start k3s normally. If you need to perform another cluster reset, you must first manually delete the file at /var/lib/rancher/k3s/server/db/reset-flag',
				],
				`${etcdConfig}cluster-reset: true\n`,
			),
	},
	{
		name: 'the etcd disk is slow',
		cause: 'disk-slow',
		also: ['datastore-overloaded'],
		make: member(node => {
			const at = { at: node.ago(5) }
			keepsSaying(node, [
				zap('warn', 'slow fdatasync', { took: '1.871s', 'expected-duration': '1s' }, at),
				zap('warn', 'apply request took too long', { took: '2.412s', 'expected-duration': '100ms' }, at),
				zap(
					'warn',
					'leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk',
					{ 'exceeded-duration': '912ms' },
					at,
				),
			])
		}),
	},
	{
		name: 'an S3 bucket that is gone',
		cause: 'etcd-snapshot-failed',
		make: member(node => {
			node.append(
				'files/etc/rancher/k3s/config.yaml',
				'etcd-s3: true\netcd-s3-endpoint: s3.lan:9000\netcd-s3-bucket: k3s\n',
			)
			failedSnapshots(node)
		}),
	},
	{
		name: 'an older k3s on data of a newer etcd',
		cause: 'downgrade-unsupported',
		make: async () => {
			const node = await serverEnds(
				[
					zap(
						'fatal',
						'invalid downgrade; server version is lower than determined cluster version',
						{
							'current-server-version': '3.5.21',
							'determined-cluster-version': '3.6',
						},
						{ at: '2026-11-21T05:01:07Z' },
					),
				],
				etcdConfig,
			)
			return node
		},
	},
	{
		name: 'a second server whose CIDR differs',
		cause: 'config-mismatch-servers',
		make: () =>
			serverEnds(
				[
					'warning critical configuration mismatched: ClusterDomain',
					'fatal Error: preparing server: failed to validate server configuration: critical configuration value mismatch between servers',
				],
				'server: https://10.99.0.12:6443\ntoken: <redacted>\ncluster-domain: corp.local\n',
			),
	},
	{
		name: 'PostgreSQL is overloaded',
		cause: 'datastore-overloaded',
		also: ['sqlite-slow', 'external-db-unreachable'],
		make: async () => {
			const node = await recorded('extdb-postgres-healthy', 45)
			keepsSaying(node, [
				'info Slow SQL (started: 2026-11-21 05:38:11.1 +0000 UTC m=+77.1) (total time: 6.811s):  SELECT * FROM kine : []',
				klog(
					'"Failed to update lock optimistically" err="Put \\"https://127.0.0.1:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/k3s\\": context deadline exceeded"',
					'leaderelection.go:441',
				),
			])
			return node
		},
	},
]
