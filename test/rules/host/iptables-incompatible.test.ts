import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, error, running, type Said } from '../unit.js'

const rules = (times: number) =>
	`*filter\n:INPUT ACCEPT [0:0]\n${'-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP\n'.repeat(times)}COMMIT\n`

describe('iptables-incompatible', () => {
	it('fires on the recorded node in the words of kube-proxy alone, and knows the package manager', async () => {
		const examination = await judgeRecording('iptables-missing', {
			'files/etc/os-release': 'ID="rocky"\nVERSION_ID="9.4"\n',
		})
		expect(rootsOf(examination)).toEqual(['iptables-incompatible'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ source }) => source)).toEqual(['journal', 'firewall'])
		expect(JSON.stringify(diagnosis?.remedies[0])).toContain('dnf install -y iptables-nft')
		expect(JSON.stringify(diagnosis?.remedies[0])).not.toContain('apt-get')
	})

	it('fires when flannel or the network policy controller cannot use it', () => {
		for (const word of [
			'flannel exited: failed to setup IPTables. iptables binary was not found: exec: "iptables": executable file not found in $PATH',
			'failed to start networking: unable to initialize network policy controller: failed to create ipset handler: ipset not found',
			'Failed to setup top level chains due to failed to run iptables command to create KUBE-ROUTER-INPUT chain due to exit status 4: iptables v1.8.7 (nf_tables): RULE_APPEND failed (No such file or directory)',
		])
			expect(rootsOf(judgeFiles(crashing(`Shutdown request received: ${JSON.stringify(word)}`)))).toEqual([
				'iptables-incompatible',
			])
	})

	it('warns on a running node whose rules are refused again and again', () => {
		const refused: Said[] = [500, 530, 560, 590].map(second => [
			second,
			'k3s',
			'E1121 04:00:00.000000     700 proxier.go:1] "Failed to execute iptables-restore" err="exit status 2: iptables-restore v1.8.6 (nf_tables): Couldn\'t load match"',
		])
		expect(causesOf(judgeFiles(running({}, refused)))).toHaveProperty('iptables-incompatible', 'likely')
		expect(causesOf(judgeFiles(running({}, refused.slice(0, 1))))).not.toHaveProperty('iptables-incompatible')
	})

	it('fires on a version that doubles rules, once it has', () => {
		const version = { 'commands/iptables-version.txt': 'iptables v1.8.2 (nf_tables)\n' }
		expect(
			causesOf(judgeFiles(running({ ...version, 'commands/iptables-save.txt': rules(60) }))),
		).toMatchObject({
			'iptables-incompatible': 'likely',
		})
		expect(
			causesOf(judgeFiles(running({ ...version, 'commands/iptables-save.txt': rules(1) }))),
		).toMatchObject({
			'iptables-incompatible': 'possible',
		})
		const newer = {
			'commands/iptables-version.txt': 'iptables v1.8.9 (nf_tables)\n',
			'commands/iptables-save.txt': rules(60),
		}
		expect(causesOf(judgeFiles(running(newer)))).not.toHaveProperty('iptables-incompatible')
	})

	it('is silent where the host has no iptables and k3s brings its own', () => {
		const entry = {
			file: 'commands/iptables-version.txt',
			argv: ['iptables', '--version'],
			exit: 127,
			why: 'absent' as const,
		}
		const nft = { 'commands/nft-ruleset.txt': 'table ip nat {\n}\n' }
		expect(causesOf(judgeFiles(running(nft), {}, [entry]))).not.toHaveProperty('iptables-incompatible')
		expect(causesOf(judgeFiles(crashing('Error: something else', nft), {}, [entry]))).not.toHaveProperty(
			'iptables-incompatible',
		)
	})

	it('is silent on a lock that another program held for a moment', () => {
		const busy: Said[] = [500, 530, 560].map(second => [
			second,
			'k3s',
			error(
				'Failed to execute iptables-restore: exit status 4: Another app is currently holding the xtables lock',
			),
		])
		expect(causesOf(judgeFiles(running({}, busy)))).not.toHaveProperty('iptables-incompatible')
	})
})
