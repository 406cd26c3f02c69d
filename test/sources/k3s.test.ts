import { describe, expect, it } from 'vitest'
import { k3s } from '../../src/sources/k3s.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'
import { fakeAsk } from './fake-ask.js'

const version = 'commands/k3s-version.txt'

describe('k3s', () => {
	it('tells its version on disk and the one that started last', () => {
		const files = {
			[version]: 'k3s version v1.36.2+k3s1 (af977adf)\ngo version go1.26.8\n',
			'journal/k3s-agent.log': `x k3s[1]: time="…" level=info msg="Starting k3s agent v1.35.1+k3s2 (aaaa)"
x k3s[2]: time="…" level=info msg="Starting k3s agent v1.36.0-rc1+k3s1 (bbbb)"
x k3s[2]: time="…" level=info msg="Starting k3s agent soon"
`,
		}
		expect(k3s.parse(bundleOf(files, { unit: 'k3s-agent.service', role: 'agent' }))).toEqual({
			version: 'v1.36.2+k3s1',
			runningVersion: 'v1.36.0-rc1+k3s1',
		})
	})

	it('that does not run says why', async () => {
		expect(k3s.parse(await openRecording('binary-not-executable'))?.versionError).toMatchObject({ exit: 126 })
		const arm = k3s.parse(await openRecording('binary-arm64'))
		expect(arm?.versionError?.stderr).toContain('ELF')
		expect(arm).not.toHaveProperty('version')
	})

	it('checks its host, with colours and without', async () => {
		const coloured = k3s.parse(await openRecording('healthy-server'))?.checkConfig
		expect(coloured?.failed).toEqual(['CONFIG_NETFILTER_XT_MATCH_IPVS: missing (fail)'])
		expect(coloured?.warnings).toContain('CONFIG_IP_VS: missing')
		expect(coloured?.warnings).not.toContain('CONFIG_VXLAN: enabled')
		const plain = `System:
- /usr/sbin iptables v1.8.9 (nf_tables): ok
- swap: should be disabled
- routes: default CIDRs 10.42.0.0/16 or 10.43.0.0/16 already routed
Limits:
- /proc/sys/kernel/keys/root_maxkeys: 200 (fail)
Generally Necessary:
- CONFIG_NAMESPACES: enabled (as module)
`
		expect(k3s.parse(bundleOf({ 'commands/k3s-check-config.txt': plain }))?.checkConfig).toEqual({
			failed: ['/proc/sys/kernel/keys/root_maxkeys: 200 (fail)'],
			warnings: [
				'swap: should be disabled',
				'routes: default CIDRs 10.42.0.0/16 or 10.43.0.0/16 already routed',
			],
		})
	})

	it('of which nothing is known is absent', () => {
		expect(k3s.parse(bundleOf({}))).toBeUndefined()
		expect(k3s.parse(bundleOf({ [version]: 'nonsense' }))).toBeUndefined()
	})

	it('finds the last start in a large journal at once', () => {
		const line = 'x k3s[1]: time="…" level=error msg="Starting k3s failed"\n'
		const journal = `Starting k3s v1.30.0+k3s1\n${line.repeat(30)}${'y'.repeat(20_000_000)}`
		const started = performance.now()
		expect(k3s.parse(bundleOf({ 'journal/k3s.log': journal }))?.runningVersion).toBe('v1.30.0+k3s1')
		expect(performance.now() - started).toBeLessThan(1000)
	})
})

describe('asking k3s', () => {
	it('asks what the kind of node can answer', async () => {
		const server = fakeAsk({ node: { dataDir: '/data' } })
		await k3s.collect(server.ask)
		expect(server.ran).toEqual(['k3s --version', 'k3s check-config', 'k3s etcd-snapshot ls --data-dir /data'])
		const agent = fakeAsk({ node: { role: 'agent' } })
		await k3s.collect(agent.ask)
		expect(agent.ran).toEqual(['k3s --version', 'k3s check-config'])
	})
})
