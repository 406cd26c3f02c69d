import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { crashing, running } from '../unit.js'
import { memory } from './host-text.js'

const swap = {
	...memory({ swapTotal: 2000, swapFree: 2000 }),
	'commands/swapon.txt': '/swapfile file 2147483648 0 -2\n',
	'files/etc/fstab': 'UUID=1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n',
}
const refusal =
	'Shutdown request received: "kubelet exited: failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false"'
const forbids = { 'files/etc/rancher/k3s/config.yaml': 'kubelet-arg:\n  - fail-swap-on=true\n' }

describe('swap-on', () => {
	it('fires when the kubelet refuses swap, and takes the demand away', () => {
		const examination = judgeFiles(crashing(refusal, { ...swap, ...forbids }))
		expect(rootsOf(examination)).toEqual(['swap-on'])
		const [allow, off] = examination.report.diagnoses[0]?.remedies ?? []
		expect(allow?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			dropFrom: { 'kubelet-arg': ['fail-swap-on=true'] },
		})
		expect(off?.steps[1]).toEqual({
			editLines: '/etc/fstab',
			changes: [{ line: '/swapfile none swap sw 0 0', at: 2, becomes: ['# /swapfile none swap sw 0 0'] }],
		})
	})

	it('knows the demand from a kubelet drop-in', () => {
		const files = crashing('Error: something else', {
			...swap,
			'files/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': 'failSwapOn: false\n',
			'files/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/50-hard.conf':
				'kind: KubeletConfiguration\nfailSwapOn: true\n',
		})
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'swap-on')
		expect(found?.findings[0]?.quote).toMatchObject({ text: 'failSwapOn: true', line: 2 })
	})

	it('is silent on swap that k3s does not mind', () => {
		expect(causesOf(judgeFiles(running(swap)))).not.toHaveProperty('swap-on')
		expect(causesOf(judgeFiles(crashing('Error: something else', swap)))).not.toHaveProperty('swap-on')
	})
})
