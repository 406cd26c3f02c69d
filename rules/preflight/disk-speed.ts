import { check, fail, isAgent, pass, unseen, warn } from '../../src/check.js'

/** Milliseconds in which 99 of 100 writes of etcd must be on the disk: https://etcd.io/docs/v3.5/faq/ */
const wanted = 10
const hopeless = 100

export default check({
	id: 'disk-speed',
	list: 'preflight',
	title: 'The disk is fast enough for a datastore',
	explain:
		'Every change in the cluster is written through to the disk before it counts. etcd wants 99 of 100 such writes done within 10 ms; SD cards, USB sticks and shared network disks often take ten times as long, and then leases are lost and k3s restarts itself.',
	docs: [
		'https://docs.k3s.io/installation/requirements#disks',
		'https://etcd.io/docs/v3.5/op-guide/hardware/#disks',
	],
	needs: ['preflight'],
	look: ({ preflight, node }) => {
		const { disk } = preflight
		if (!disk) return undefined
		if ('skipped' in disk)
			return unseen(`not tried: ${disk.skipped}`, [
				'fio --name=trial --directory=/var/lib --rw=write --ioengine=sync --fdatasync=1 --size=22m --bs=2300',
			])
		const { p99, median, slowest, writes, path } = disk
		const says = `99 of 100 writes were on the disk within ${p99} ms (median ${median} ms, slowest ${slowest} ms, ${writes} writes)`
		const seen = {
			source: 'preflight' as const,
			quote: { file: 'preflight/disk.json', line: 1, text: path },
			do: [
				{
					tell: 'Put the data directory on an SSD, or take an external database on another host. A longer trial:',
					commands: [
						'fio --name=trial --directory=/var/lib --rw=write --ioengine=sync --fdatasync=1 --size=22m --bs=2300',
					],
				},
			],
		}
		// An agent keeps images and logs, no datastore.
		if (isAgent(node)) return p99 > hopeless ? warn(says, seen) : pass(says, seen)
		if (p99 > hopeless && median > wanted) return fail(`${says}; a datastore wants ${wanted} ms`, seen)
		return p99 > wanted ? warn(`${says}; a datastore wants ${wanted} ms`, seen) : pass(says, seen)
	},
})
