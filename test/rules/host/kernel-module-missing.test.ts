import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { begins, crashing, error, goodStart, journalText, running, unitShow } from '../unit.js'
import { sysctl } from './host-text.js'

const vxlan =
	'Shutdown request received: "flannel exited: failed to register flannel network: failed to create vxlan device: operation not supported"'
const os = (text: string) => ({
	'files/etc/os-release': text,
	'commands/uname.txt': 'Linux pi 5.13.0-1008-raspi #9 SMP aarch64 GNU/Linux\n',
})

describe('kernel-module-missing', () => {
	it('fires when flannel cannot make its device, and knows the package', () => {
		const examination = judgeFiles(crashing(vxlan, os('ID=ubuntu\nVERSION_ID="21.10"\n')))
		expect(rootsOf(examination)).toEqual(['kernel-module-missing'])
		const [load, install] = examination.report.diagnoses[0]?.remedies ?? []
		expect(load?.steps[0]).toEqual({ run: ['modprobe', 'vxlan'] })
		expect(JSON.stringify(install)).toContain('linux-modules-extra-raspi')
	})

	it('fires for wireguard, connection tracking, overlay and iptables tables', () => {
		for (const [word, module] of [
			[
				'flannel exited: failed to register flannel network: could not create wireguard interface: operation not supported',
				'wireguard',
			],
			[
				'kube-proxy exited: open /proc/sys/net/netfilter/nf_conntrack_max: no such file or directory',
				'nf_conntrack',
			],
			[
				'"overlayfs" snapshotter cannot be enabled for "/data/k3s/agent/containerd", try using "native": failed to mount overlay: no such device',
				'overlay',
			],
			[
				"flannel exited: failed to setup masq rules: iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
				'ip_tables',
			],
		] as const) {
			const examination = judgeFiles(crashing(`Shutdown request received: ${JSON.stringify(word)}`))
			expect(rootsOf(examination)).toEqual(['kernel-module-missing'])
			expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({ run: ['modprobe', module] })
		}
	})

	it('warns when bridged packets pass the packet filter by', () => {
		const said = error(
			'Failed to set sysctl: open /proc/sys/net/bridge/bridge-nf-call-iptables: no such file or directory',
		)
		const files = running({
			...sysctl({}),
			'journal/k3s.log': journalText([...goodStart(), [4, 'k3s', said]]),
		})
		const without = {
			...files,
			'commands/sysctl.txt': (files['commands/sysctl.txt'] ?? '').replace(/net\.bridge.*\n/, ''),
		}
		expect(judgeFiles(without).report.diagnoses[0]).toMatchObject({
			cause: 'kernel-module-missing',
			severity: 'warning',
			confidence: 'likely',
		})
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('kernel-module-missing')
	})

	it('says that policies are not enforced, where there are some', () => {
		const start = journalText([
			...goodStart(),
			[
				4,
				'k3s',
				'time="2026-11-21T04:00:00Z" level=warning msg="Skipping network policy controller start, ipset unavailable: exit status 1"',
			],
		])
		const policy = {
			metadata: { namespace: 'shop', name: 'deny' },
			spec: { podSelector: {}, policyTypes: ['Ingress'] },
		}
		const files = { 'journal/k3s.log': start, 'commands/systemctl-show.txt': unitShow() }
		expect(causesOf(judgeFiles(cluster({ networkpolicies: [policy] }, files)))).toMatchObject({
			'kernel-module-missing': 'likely',
		})
		expect(causesOf(judgeFiles(cluster({ networkpolicies: [] }, files)))).not.toHaveProperty(
			'kernel-module-missing',
		)
	})

	it('is silent on modprobe alone', async () => {
		const lines: [number, string, string][] = [
			[4, 'modprobe[70]', 'modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.1.0'],
			[
				4,
				'k3s',
				'time="2026-11-21T04:00:00Z" level=warning msg="Failed to load kernel module iptable_nat with modprobe"',
			],
		]
		const files = {
			...running(sysctl({})),
			'journal/k3s.log': journalText([
				[0, 'systemd', 'Starting %u...'],
				[1, 'k3s', begins()],
				...lines,
				...goodStart(5).slice(2),
			]),
		}
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('kernel-module-missing')
		expect(causesOf(await judgeRecording('iptables-missing'))).not.toHaveProperty('kernel-module-missing')
	})
})
