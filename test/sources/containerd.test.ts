import { describe, expect, it } from 'vitest'
import { containerd } from '../../src/sources/containerd.js'
import { bundleOf } from '../bundle-of.js'

const file = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'

function sandboxFailed(time: string, pod: string, id: string): string {
	return `time="${time}" level=error msg="RunPodSandbox for name:\\"${pod}\\" uid:\\"9fd71d7f\\" namespace:\\"kube-system\\" failed, error" error="rpc error: code = Unknown desc = failed to setup network for sandbox \\"${id}\\": plugin type=\\"flannel\\" failed (add): failed to load flannel 'subnet.env' file: open /run/flannel/subnet.env: no such file or directory"\n`
}

const log = [
	'time="2026-11-21T04:24:14Z" level=warning msg="Configuration migrated from version 3, use `containerd config migrate` to avoid migration" t="10.916µs"\n',
	'time="2026-11-21T04:24:14.801260889Z" level=info msg="starting containerd" revision= version=v2.3.2-k3s2\n',
	sandboxFailed('2026-11-21T04:24:24.930531182Z', 'coredns-5f5694d56b-j7hl7', '39df38da5631ff18'),
	sandboxFailed('2026-11-21T04:24:25.930531182Z', 'coredns-7d9a94d56b-k2k2k', '092dfe518379a775'),
].join('')

describe('containerd', () => {
	it('reads distinct messages with their errors', () => {
		const found = containerd.parse(bundleOf({ [file]: log }))
		expect(found).toMatchObject({
			file,
			lines: 4,
			firstAt: Date.parse('2026-11-21T04:24:14Z'),
			lastAt: Date.parse('2026-11-21T04:24:25.930Z'),
		})
		expect(found?.messages.map(({ level, count, component }) => [level, count, component])).toEqual([
			['warning', 1, 'containerd'],
			['info', 1, 'containerd'],
			['error', 2, 'containerd'],
		])
		expect(found?.messages[2]?.text).toContain("failed to load flannel 'subnet.env' file")
		expect(found?.messages[2]?.quote.line).toBe(3)
	})

	it('looks where the data directory is', () => {
		const moved = 'files/mnt/data/agent/containerd/containerd.log'
		expect(containerd.parse(bundleOf({ [moved]: log }, { dataDir: '/mnt/data' }))?.file).toBe(moved)
		expect(containerd.wants({ ...bundleOf({}).node, dataDir: '/mnt/data' })).toMatchObject([{ file: moved }])
	})

	it('survives a cut first line, a huge line, NULs and an empty file', () => {
		const hostile = `led to load\n\0\0\0\n${'x'.repeat(1_000_000)}\ntime="2026-99-99T" level= msg=\n${log}`
		expect(containerd.parse(bundleOf({ [file]: hostile }))?.lines).toBe(8)
		expect(containerd.parse(bundleOf({ [file]: '' }))).toBeUndefined()
		expect(containerd.parse(bundleOf({}))).toBeUndefined()
	})
})
