/** What a live API tells of an object loses its secrets before anybody sees it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { yamlLines } from '../../src/app/cluster/yaml.js'
import { redactor } from '../../src/bundle/redact/redactor.js'
import { appNode } from '../../src/commands/app-node.js'
import { parse } from '../../src/commands/parse.js'
import { localHost } from '../../src/host/local.js'
import { lookUp } from '../../src/program/look-up.js'
import { startKubeServer } from '../host/kube-server.js'

const pod = {
	kind: 'Pod',
	metadata: {
		name: 'web',
		namespace: 'shop',
		uid: 'web',
		annotations: {
			'kubectl.kubernetes.io/last-applied-configuration': '{"env":"hunter2-applied"}',
			note: 'kept',
		},
		managedFields: [{ manager: 'hunter2-managed' }],
	},
	spec: {
		containers: [
			{
				name: 'web',
				image: 'shop:1',
				command: ['sh', '-c', 'exec web --db-password=hunter2-command'],
				args: ['--token', 'hunter2-argument', '--port=8080'],
				env: [
					{ name: 'DATABASE_PASSWORD', value: 'hunter2-variable' },
					{ name: 'MODE', value: 'hunter2-any-value' },
				],
				livenessProbe: {
					httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: 'hunter2-header' }] },
				},
			},
		],
	},
}

it('is masked, and keeps what is no secret', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'look-up-'))
	const server = await startKubeServer({ pods: [pod] }, folder)
	try {
		const host = localHost({ kubeconfigs: [server.kubeconfig] })
		const masks = redactor()
		const told = await lookUp(host, masks, { of: 'pods', namespace: 'shop', name: 'web' })
		if (!('object' in told)) throw new Error(told.why)
		const yaml = yamlLines(told.object).join('\n')
		expect(yaml).not.toContain('hunter2')
		for (const kept of ['name: DATABASE_PASSWORD', 'image: shop:1', '--port=8080', 'note: kept']) {
			expect(yaml).toContain(kept)
		}
		expect(await lookUp(host, masks, { of: 'pods', namespace: 'shop', name: 'gone' })).toEqual({
			why: expect.stringContaining('(404)'),
		})
		server.always('any', { status: 403, message: 'pods "web" is forbidden' })
		expect(await lookUp(host, masks, { of: 'pods', namespace: 'shop', name: 'web' })).toEqual({
			why: 'it is not allowed (403): pods "web" is forbidden',
		})
	} finally {
		await server.close()
		rmSync(folder, { recursive: true, force: true })
	}
})

it('has the marks of the bundle, whenever it is asked for', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'look-up-'))
	const server = await startKubeServer({ pods: [pod] }, folder)
	try {
		const app = appNode(parse(['--kubeconfig', server.kubeconfig, '--data-dir', folder]))
		const telling = { source: () => {}, found: () => {}, signal: new AbortController().signal }
		const before = await app.cluster()
		const first = await app.examine(telling)
		const again = await app.examine(telling)
		const marks = new Map<string, string[]>()
		for (const [name, examination] of Object.entries({ first, again })) {
			const { items } = JSON.parse(examination.bundle.files.get('api/pods.json') ?? '') as {
				items: unknown[]
			}
			marks.set(name, marksOf(items))
		}
		for (const { host, redact } of [before, await app.cluster()]) {
			const told = await lookUp(host, redact, { of: 'pods', namespace: 'shop', name: 'web' })
			marks.set(`looked up ${marks.size}`, marksOf('object' in told ? told.object : told.why))
		}
		const [expected] = marks.values()
		expect(expected).toHaveLength(5)
		expect(new Set(expected).size).toBe(5)
		for (const [name, found] of marks) expect(found, name).toEqual(expected)
	} finally {
		await server.close()
		rmSync(folder, { recursive: true, force: true })
	}
})

const marksOf = (told: unknown) => JSON.stringify(told).match(/<redacted-[0-9a-f]{8}>/g) ?? []

it('a name leads nowhere else', async () => {
	const { objectPath } = await import('../../src/sources/cluster/lists.js')
	expect(objectPath('pods', 'shop', '../../secrets/x?y')).toBe(
		'/api/v1/namespaces/shop/pods/..%2F..%2Fsecrets%2Fx%3Fy',
	)
	expect(objectPath('nodes', '', 's1')).toBe('/api/v1/nodes/s1')
	expect(objectPath('events', 'shop', 'e')).toBe('/api/v1/namespaces/shop/events/e')
})
