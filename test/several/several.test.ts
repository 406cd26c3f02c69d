/** Several causes at once: in the order in which an experienced operator works; what is over is not told. */
import { afterAll, describe, expect, it } from 'vitest'
import type { HealthyFiles } from '../healthy/node.js'
import { judge } from '../judge.js'
import * as fault from '../scenes/faults.js'
import { saidOnce } from '../scenes/journal.js'
import { member, recorded, server } from '../scenes/recorded.js'
import { serverEnds } from '../scenes/start.js'
import { score } from '../score.js'

interface Several {
	name: string
	/** The roots, in order. */
	roots: string[]
	/** cause -> the root that explains it. */
	folded?: Record<string, string>
	make: () => Promise<HealthyFiles>
}

const together: readonly Several[] = [
	{
		name: 'a broken configuration before an image that is not there',
		roots: ['config-invalid-yaml'],
		make: async () => {
			const node = await serverEnds(
				['fatal Error: yaml: line 2: found character that cannot start any token'],
				'disable:\n\t- traefik\n',
			)
			fault.swap(node)
			return node
		},
	},
	{
		name: 'a full disk before a broken option that k3s has not come to',
		roots: ['disk-full'],
		make: async () => {
			const node = await recorded('disk-full-restart')
			node.append('files/etc/rancher/k3s/config.yaml', 'node-label:\n  - tier=a\n')
			return node
		},
	},
	{
		name: 'a cordoned node before an image that is not there',
		roots: ['node-cordoned', 'image-not-found'],
		make: server(fault.imageNotFound, fault.cordoned),
	},
	{
		name: 'disk pressure before an application that ends',
		roots: ['disk-pressure', 'pod-crashloop'],
		make: server(fault.crashLoop, fault.diskPressure),
	},
	{
		name: 'the memory of the host explains who is killed',
		roots: ['memory-pressure'],
		folded: { 'pod-oomkilled': 'memory-pressure' },
		make: server(fault.oomKilled, fault.memoryPressure),
	},
	{
		name: 'a silent resolver explains a registry that is not found',
		roots: ['dns-upstream-broken'],
		folded: { 'registry-unreachable': 'dns-upstream-broken' },
		make: server(fault.registryByName, fault.silentResolver),
	},
	{
		name: 'CoreDNS before an upgrade that waits for a restart',
		roots: ['coredns-down', 'upgrade-incomplete'],
		make: server(fault.notRestarted, fault.noCoreDns),
	},
	{
		name: 'a dead webhook before a claim that nobody serves',
		roots: ['webhook-blocks', 'pvc-pending'],
		make: server(fault.claimOfNobody, fault.deadPolicy),
	},
	{
		name: 'disk pressure, a cordon, a claim',
		roots: ['disk-pressure', 'node-cordoned', 'pvc-pending'],
		make: server(fault.claimOfNobody, fault.cordoned, fault.diskPressure),
	},
	{
		name: 'a full etcd before snapshots that fail',
		roots: ['etcd-space-exceeded', 'etcd-snapshot-failed'],
		make: member(fault.failedSnapshots, fault.fullEtcd),
	},
	{
		name: 'a full etcd before a slow disk',
		roots: ['etcd-space-exceeded', 'disk-slow'],
		make: member(fault.slowDisk, fault.fullEtcd),
	},
	{
		name: 'a stopped k3s before a disk that is nearly full',
		roots: ['service-stopped', 'disk-pressure'],
		make: async () => {
			const node = await recorded('service-stopped')
			fault.nearlyFull(node)
			return node
		},
	},
	{
		name: 'a wrong password of the database before a node that was cordoned',
		roots: ['external-db-auth'],
		make: async () => {
			const node = await recorded('extdb-postgres-password')
			fault.swap(node)
			return node
		},
	},
	{
		name: 'what a start got past is history',
		roots: [],
		make: async () => {
			const node = await recorded('healthy-server-past-error', 45)
			fault.swap(node)
			return node
		},
	},
	{
		name: 'a disk that was full this morning is history',
		roots: [],
		make: async () => {
			const node = await recorded('healthy-server', 6 * 60)
			saidOnce(
				node,
				5 * 3600,
				20,
				at =>
					`time="${at}" level=error msg="error while range on /registry/leases: database or disk is full"`,
			)
			return node
		},
	},
	{
		name: 'an etcd without a leader an hour ago is history',
		roots: [],
		make: async () => {
			const node = await recorded('ha-healthy', 120)
			saidOnce(
				node,
				4000,
				40,
				at =>
					`{"level":"warn","ts":"${at}","caller":"etcdserver/server.go:900","msg":"failed to revoke lease","error":"etcdserver: no leader"}`,
			)
			return node
		},
	},
	{
		name: 'a slow hour yesterday is history, a snapshot that fails today is not',
		roots: ['etcd-snapshot-failed'],
		make: async () => {
			const node = await recorded('ha-healthy', 26 * 60)
			saidOnce(
				node,
				90_000,
				80,
				at =>
					`{"level":"warn","ts":"${at}","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.871s"}`,
			)
			fault.failedSnapshots(node)
			return node
		},
	},
]

const misses: string[] = []

afterAll(() => {
	process.stdout.write(misses.map(text => `${text}\n`).join(''))
	score(
		`${together.length - misses.length} of ${together.length} nodes with several causes, or with some that are over: told in order`,
	)
})

describe('several causes', () => {
	it('are told in the order of work', async () => {
		for (const { name, roots, folded = {}, make } of together) {
			const { diagnoses, crashed } = judge((await make()).bundle()).report
			expect(crashed).toEqual([])
			const told = diagnoses.filter(({ confidence }) => confidence !== 'possible')
			const found = told.filter(({ explainedBy }) => !explainedBy).map(({ cause }) => cause as string)
			const right =
				found.join() === roots.join() &&
				Object.entries(folded).every(([cause, by]) =>
					told.some(one => one.cause === cause && one.explainedBy === by),
				)
			if (!right)
				misses.push(
					`${name}: ${roots.join(' ') || 'nothing'} <> ${told.map(one => `${one.cause}(${one.confidence}${one.explainedBy ? ` <${one.explainedBy}` : ''})`).join(' ') || 'nothing'}`,
				)
		}
		expect(misses).toEqual([])
	}, 300_000)
})
