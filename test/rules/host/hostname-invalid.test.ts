import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { running, type Said } from '../unit.js'

const called = (hostname: string) => ({ 'commands/hostname.txt': `${hostname}\n` })
const refused: Said = [
	590,
	'k3s',
	'E1121 04:00:00.000000     700 kubelet_node_status.go:1] "Unable to register node with API server" err="Node \\"edge_1\\" is invalid: metadata.name: Invalid value: \\"edge_1\\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters" node="edge_1"',
]

describe('hostname-invalid', () => {
	it('fires on an underscore, with what the API server says of it', () => {
		const examination = judgeFiles(running(called('Edge_1'), [refused]), { hostname: 'Edge_1' })
		expect(rootsOf(examination)).toEqual(['hostname-invalid'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis).toMatchObject({ confidence: 'certain', severity: 'warning' })
		expect(diagnosis?.findings.map(({ source }) => source)).toEqual(['names', 'journal'])
	})

	it('fires on a node-name of the configuration', () => {
		const files = running({
			...called('edge-1'),
			'files/etc/rancher/k3s/config.yaml': 'node-name: my_node\n',
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'hostname-invalid': 'certain' })
	})

	it('takes localhost for a fault only where k3s has trouble', () => {
		const local = called('localhost.localdomain')
		expect(causesOf(judgeFiles(running(local), { hostname: 'localhost.localdomain' }))).toMatchObject({
			'hostname-invalid': 'possible',
		})
	})

	it('is silent on capital letters, digits, dots and a name of another node', async () => {
		for (const name of ['NODE-7', '10-0-0-7', 'node.example.org'])
			expect(causesOf(judgeFiles(running(called(name)), { hostname: name }))).not.toHaveProperty(
				'hostname-invalid',
			)
		const files = running(called('node-1'), [
			[
				590,
				'k3s',
				'E1121 04:00:00.000000     700 x.go:1] "Pod is invalid" err="metadata.name: Invalid value: \\"my_pod\\": a lowercase RFC 1123 subdomain"',
			],
		])
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('hostname-invalid')
		const unresolved = await judgeRecording('healthy-server', { 'commands/getent-hostname.txt': '' })
		expect(causesOf(unresolved)).not.toHaveProperty('hostname-invalid')
	})
})
