import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { running } from '../unit.js'
import { cni0, eth0, flannel1, iptables, links, podLog, twoNodeRoutes, twoNodes } from './net-text.js'

describe('vxlan-blocked', () => {
	const base = (more: Record<string, string>) => judgeFiles(twoNodes(more))

	it.each([
		['an INPUT rule', iptables(['-A INPUT -p udp -m udp --dport 8472 -j DROP'])],
		['an OUTPUT rule', iptables(['-A OUTPUT -d 10.0.0.0/24 -p udp -j REJECT'])],
		[
			'a table of nftables',
			{
				...iptables([]),
				'commands/nft-ruleset.txt':
					'table inet f {\n\tchain input {\n\t\ttype filter hook input priority 0; policy accept;\n\t\tudp dport 8472 drop\n\t}\n}\n',
			},
		],
	])('fires on %s that drops the packets of flannel', (_what, files) => {
		const examination = base(files)
		expect(causesOf(examination)).toMatchObject({ 'vxlan-blocked': 'certain' })
		expect(rootsOf(examination)).toEqual(['vxlan-blocked'])
	})

	it('looks at the port that the backend really uses', () => {
		const own = { 'files/etc/rancher/k3s/config.yaml': 'flannel-backend: wireguard-native\n' }
		expect(causesOf(base({ ...own, ...iptables(['-A INPUT -p udp --dport 51820 -j DROP']) }))).toHaveProperty(
			'vxlan-blocked',
		)
		expect(
			causesOf(base({ ...own, ...iptables(['-A INPUT -p udp --dport 8472 -j DROP']) })),
		).not.toHaveProperty('vxlan-blocked')
	})

	it('fires where the route to another node is gone', () => {
		const routes = twoNodeRoutes.filter(([destination]) => destination !== '10.42.1.0/24')
		expect(causesOf(base(links([eth0, cni0, flannel1], routes)))['vxlan-blocked']).toBe('likely')
	})

	it('is possible where pods of another node do not answer, and silent where they do not exist', () => {
		const said = (address: string) =>
			podLog('metrics-server-1', [[40, `E1121 dial tcp ${address}:8080: i/o timeout`]], {
				container: 'metrics-server',
			})
		expect(causesOf(base(said('10.42.1.9')))).toEqual({
			'vxlan-blocked': 'possible',
			'vxlan-checksum': 'possible',
		})
		expect(causesOf(base(said('10.42.0.9')))).toEqual({})
		expect(causesOf(base(said('203.0.113.9')))).toEqual({})
	})

	it('is silent on other rules, and on a single node', () => {
		expect(
			causesOf(
				base(iptables(['-A INPUT -p udp --dport 8473 -j DROP', '-A INPUT -s 192.168.0.0/16 -j DROP'])),
			),
		).toEqual({})
		const alone = {
			...running(),
			...links([eth0, cni0, flannel1]),
			...iptables(['-A INPUT -p udp --dport 8472 -j DROP']),
		}
		expect(causesOf(judgeFiles(alone))).toEqual({})
	})
})

describe('vxlan-checksum', () => {
	const lost = podLog(
		'metrics-server-1',
		[
			[50, 'E1121 read udp 10.42.0.3:4000->10.42.1.9:53: i/o timeout'],
			[40, 'E1121 dial tcp 10.42.1.8:443: i/o timeout'],
		],
		{ container: 'metrics-server' },
	)
	const kernel = (release: string) => ({
		'commands/uname.txt': `Linux node-1 ${release} #1 SMP x86_64 GNU/Linux\n`,
	})

	it('is likely on a kernel that is known for it', () => {
		const examination = judgeFiles(twoNodes({ ...lost, ...kernel('4.18.0-240.el8.x86_64') }))
		expect(causesOf(examination)['vxlan-checksum']).toBe('likely')
		const found = examination.report.diagnoses.find(({ cause }) => cause === 'vxlan-checksum')
		expect(found?.remedies[0]?.steps[0]).toEqual({
			run: ['ethtool', '-K', 'flannel.1', 'tx-checksum-ip-generic', 'off'],
		})
	})

	it('is only possible on a newer one, and silent without lost packets', () => {
		expect(causesOf(judgeFiles(twoNodes({ ...lost, ...kernel('6.8.0-31-generic') })))['vxlan-checksum']).toBe(
			'possible',
		)
		expect(causesOf(judgeFiles(twoNodes(kernel('4.18.0-240.el8.x86_64'))))).toEqual({})
	})
})
