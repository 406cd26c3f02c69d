import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { journalText, unitShow } from '../unit.js'

describe('registries-yaml-invalid', () => {
	const path = 'files/etc/rancher/k3s/registries.yaml'
	const hanging = (why: string, more: Record<string, string>) => ({
		'commands/systemctl-show.txt': unitShow({ ActiveState: 'activating', SubState: 'start' }),
		'journal/k3s.log': journalText([
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', 'time="2026-11-21T04:00:01Z" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'],
			...[5, 12, 20].map(
				second =>
					[
						second,
						'k3s',
						`time="x" level=info msg=${JSON.stringify(`Waiting to retrieve agent configuration; server is not ready: ${why}`)}`,
					] as [number, string, string],
			),
		]),
		...more,
	})

	it('fires on a tab, and on a list where a map belongs', () => {
		for (const [text, why] of [
			['mirrors:\n\tdocker.io:\n', 'yaml: line 2: found character that cannot start any token'],
			[
				'mirrors:\n  - docker.io\n',
				'yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into map[string]registries.Mirror',
			],
		] as const) {
			const examination = judgeFiles(hanging(why, { [path]: text }))
			expect(rootsOf(examination)[0]).toBe('registries-yaml-invalid')
			expect(examination.report.diagnoses[0]?.confidence).toBe('certain')
		}
	})

	it('warns, and no more, where k3s runs with what it read before', () => {
		const [diagnosis] = judgeFiles(cluster({}, { [path]: 'mirrors: [a\n' })).report.diagnoses
		expect(diagnosis).toMatchObject({
			cause: 'registries-yaml-invalid',
			severity: 'warning',
			confidence: 'likely',
		})
	})

	it('is silent on a good file, and on a server that is not ready for its own reasons', () => {
		const good = 'mirrors:\n  docker.io:\n    endpoint:\n      - "https://r.example"\nconfigs: {}\n'
		expect(causesOf(judgeFiles(cluster({}, { [path]: good })))).toEqual({})
		const waits = hanging('https://10.0.0.1:6443/v1-k3s/config: 503 Service Unavailable', { [path]: good })
		expect(causesOf(judgeFiles(waits))).not.toHaveProperty('registries-yaml-invalid')
	})
})
