import { describe, expect, it } from 'vitest'
import { maskKubeList } from '../../src/bundle/mask-kube.js'

function masked(resource: string, ...items: unknown[]) {
	return JSON.parse(maskKubeList(resource, JSON.stringify({ kind: 'PodList', items }))).items
}

const container = {
	name: 'db',
	image: 'postgres:17',
	env: [
		{ name: 'POSTGRES_PASSWORD', value: 'hunter2' },
		{ name: 'MODE', value: 'plain-but-who-knows' },
		{ name: 'EMPTY', value: '' },
		{ name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
	],
	livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: 'Basic aHVudGVyMg==' }] } },
}

describe('maskKubeList', () => {
	it.each([
		['a pod', { spec: { containers: [container], initContainers: [container] } }],
		['a template', { spec: { template: { spec: { containers: [container] } } } }],
	])('hides values of environment variables and probe headers in %s', (_what, object) => {
		const text = JSON.stringify(masked('pods', object))
		for (const secret of ['hunter2', 'plain-but-who-knows', 'aHVudGVyMg']) expect(text).not.toContain(secret)
		expect(text).toContain('"name":"POSTGRES_PASSWORD","value":"<redacted>"')
		expect(text).toContain('"name":"EMPTY","value":""')
		expect(text).toContain('"secretKeyRef":{"name":"db","key":"password"}')
	})

	it.each([
		[
			['--password', 'hunter2', '--port', '80'],
			['--password', '<redacted>', '--port', '80'],
		],
		[
			['--api-token=hunter2', '--v=2'],
			['--api-token=<redacted>', '--v=2'],
		],
		[
			['-secret-key', 'hunter2'],
			['-secret-key', '<redacted>'],
		],
		[
			['sh', '-c', 'DB_PASSWORD="hunter two" run --user x'],
			['sh', '-c', 'DB_PASSWORD="<redacted>" run --user x'],
		],
		[
			['sh', '-c', 'login --token hunter2 --all'],
			['sh', '-c', 'login --token <redacted> --all'],
		],
		[['--dsn=postgres://app:hunter2@db:5432/app'], ['--dsn=postgres://app:<redacted>@db:5432/app']],
		[
			['curl', '-H', 'Authorization: Bearer hunter2'],
			['curl', '-H', 'Authorization: <redacted> <redacted>'],
		],
		[
			['--tls-private-key-file=/certs/tls.key', '--secret-name', 'app', '--token-auth=true'],
			['--tls-private-key-file=/certs/tls.key', '--secret-name', 'app', '--token-auth=true'],
		],
		[
			['--password', '--verbose'],
			['--password', '--verbose'],
		],
		[
			['-conf', '/etc/coredns/Corefile', 7],
			['-conf', '/etc/coredns/Corefile', 7],
		],
	])('masks arguments %j', (args, expected) => {
		const [pod] = masked('pods', { spec: { containers: [{ args, command: args }] } })
		expect(pod.spec.containers[0]).toEqual({ args: expected, command: expected })
	})

	it('drops the copies that tools leave in annotations, and who managed which field', () => {
		const [pod] = masked('pods', {
			metadata: {
				name: 'x',
				managedFields: [{ manager: 'kubectl' }],
				annotations: {
					'kubectl.kubernetes.io/last-applied-configuration': '{"env":[{"value":"hunter2"}]}',
					'objectset.rio.cattle.io/applied': 'H4sIAAAAAAAA',
					'example.org/api-token': 'hunter2',
					'k3s.io/hostname': 's1',
				},
			},
		})
		expect(pod.metadata).toEqual({
			name: 'x',
			annotations: { 'example.org/api-token': '<redacted>', 'k3s.io/hostname': 's1' },
		})
	})

	it('hides what goes into charts, and keeps which keys are set', () => {
		const [chart] = masked('helmcharts', {
			spec: {
				chart: 'grafana',
				valuesContent: 'adminPassword: hunter2\n',
				chartContent: 'H4sI',
				set: { 'auth.password': 'hunter2', replicas: 2 },
			},
		})
		expect(chart.spec).toEqual({
			chart: 'grafana',
			valuesContent: '<redacted>',
			chartContent: '<redacted>',
			set: { 'auth.password': '<redacted>', replicas: '<redacted>' },
		})
	})

	it('shortens definitions to names and conditions', () => {
		const [definition] = masked('customresourcedefinitions', {
			metadata: { name: 'addons.k3s.cattle.io', creationTimestamp: '2026-11-21T04:24:18Z', labels: {} },
			spec: { group: 'k3s.cattle.io', scope: 'Namespaced', versions: [{ schema: { huge: true } }] },
			status: { conditions: [{ type: 'Established', status: 'True' }] },
		})
		expect(JSON.stringify(definition)).not.toContain('huge')
		expect(definition).toMatchObject({
			metadata: { name: 'addons.k3s.cattle.io' },
			status: { conditions: [{ type: 'Established' }] },
		})
	})

	it('gives nothing for what it cannot clean', () => {
		expect(maskKubeList('pods', '{"items": [{"spec": {"containers": [{"env": [{"value": "hunter2"')).toBe('')
		expect(maskKubeList('pods', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe('')
		expect(maskKubeList('pods', '')).toBe('')
	})

	it('leaves keys like __proto__ alone, and long arguments cost no time', () => {
		const odd = '{"items": [{"__proto__": {"env": [{"name": "a", "value": "hunter2"}]}}]}'
		expect(maskKubeList('pods', odd)).toContain('__proto__')
		expect(maskKubeList('pods', odd)).not.toContain('hunter2')
		const began = performance.now()
		for (const text of [
			'a'.repeat(300_000),
			'-'.repeat(300_000),
			'://'.repeat(100_000),
			'key: "'.repeat(50_000),
		]) {
			masked('pods', { spec: { containers: [{ args: [text] }] } })
		}
		expect(performance.now() - began).toBeLessThan(5_000)
	})
})
