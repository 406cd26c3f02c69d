/** The cluster's screens through their keys, on recorded nodes. */
import { beforeAll, describe, expect, it } from 'vitest'
import { actsOf } from '../../../src/app/cluster/acts.js'
import type { ObjectRef } from '../../../src/app/cluster/object.js'
import { sightOf } from '../../../src/app/cluster/sight.js'
import { kubeArgv } from '../../../src/model/kubectl.js'
import type { Live } from '../../../src/model/live.js'
import { judge, judgeRecording } from '../../judge.js'
import { openRecording } from '../../recording.js'
import { Driver } from '../subjects.js'

let crash: Awaited<ReturnType<typeof judgeRecording>>
let claim: typeof crash
let ha: typeof crash
beforeAll(async () => {
	crash = await judgeRecording('pod-crashloop')
	claim = await judgeRecording('pvc-no-class')
	ha = await judgeRecording('ha-healthy')
})

const on = (subject: typeof crash, size = { columns: 120, rows: 40 }) =>
	new Driver({ mode: 'bundle', size }).examined(subject).press('2')

describe('the table of pods', () => {
	it('has what is at fault first, and only that after f', () => {
		const app = on(crash)
		expect(app.cursorRow()).toMatch(/shop +worker-9bb67bc6b-t8mhl +0\/1 +Error +3 \(70s ago\) +85s/)
		expect(app.screen()).toContain('5 pods, 1 at fault')
		app.press('f')
		expect(app.screen()).toContain('worker-9bb67bc6b-t8mhl')
		expect(app.screen()).not.toContain('coredns')
		expect(app.press('f').screen()).toContain('coredns')
	})

	it('is of one namespace, chosen with n', () => {
		const app = on(crash).press('n').type('shop').press('enter')
		expect(app.screen()).toContain('namespace shop')
		expect(app.screen()).not.toContain('coredns')
		expect(app.press(':').type('ns all').press('enter').screen()).toContain('coredns')
		expect(app.press(':').type('pods nowhere').press('enter').screen()).toContain('no namespace "nowhere"')
	})

	it("is of this node's pods after N", () => {
		const app = on(ha)
		expect(app.screen()).toContain('web-dwg2s')
		app.press('N')
		expect(app.screen()).toContain('web-rh9d8')
		expect(app.screen()).not.toContain('web-dwg2s')
	})

	it('says who tells it, and why nobody better does', async () => {
		expect(on(crash).screen()).toContain('Told by Kubernetes API, 2026-11-21 05:23:14 UTC')
		const blocked = judge(await openRecording('api-blocked-local'))
		expect(on(blocked).words()).toMatch(/Told by crictl, [^:]+:[^:]+:\d\d UTC: /)
		const stopped = judge(await openRecording('service-stopped'))
		expect(on(stopped).words()).toMatch(/Told by the kubelet's files/)
		// Nobody looked at how they are: none is said to be well.
		expect(on(stopped).words()).toMatch(/\d+ pods, \d+ of unknown state/)
		expect(on(stopped).words()).not.toContain('0 at fault')
	})

	it('is sorted by restarts, and keeps the cursor on its pod', () => {
		const app = on(crash).press('j', 'j')
		const name = /\S+-\S+/.exec(app.cursorRow().slice(14))?.[0] ?? 'none'
		app.press('o', 'o', 'o')
		expect(app.cursorRow()).toContain(name)
		expect(app.screen()).toContain('Sorted by restarts')
	})

	it('gives columns up on narrow windows, never the name and the status', () => {
		expect(on(ha, { columns: 160, rows: 30 }).screen()).toMatch(/NAMESPACE.*AGE.*IP.*NODE/)
		const narrow = on(crash, { columns: 60, rows: 20 }).screen()
		expect(narrow).toMatch(/worker-9bb67.*Error/)
		expect(narrow).not.toContain('NODE ')
	})
})

describe('a pod', () => {
	it('shows its containers, images, events and what the doctor says', () => {
		const words = on(crash).press('enter').words()
		expect(words).toMatch(/terminated: Error, exit 1/)
		expect(words).toContain('it is on the node')
		expect(words).toMatch(/sha256:[0-9a-f]{8}/)
		expect(words).toContain('What the doctor says of it')
		expect(words).toContain('BackOff')
		expect(words).toContain('of Deployment worker')
	})

	it('is described, and shown as YAML', () => {
		const app = on(crash).press('d')
		expect(app.screen()).toMatch(/Controlled By: +ReplicaSet\/worker-9bb67bc6b/)
		app.press('esc', 'y')
		expect(app.screen()).toContain('kind: Pod')
		expect(app.screen()).toContain('secrets masked')
	})

	it('opens its logs: the newest, and those of the instance before', () => {
		const app = on(crash).press('l')
		const ref = { kind: 'container', namespace: 'shop', pod: 'worker-9bb67bc6b-t8mhl', container: 'worker' }
		expect(app.state.places.pods.at(-1)).toMatchObject({ kind: 'log', ref })
		app.press('esc', 'j', 'p')
		expect(app.state.places.pods.at(-1)).toMatchObject({
			kind: 'log',
			ref: { kind: 'container', container: 'coredns', instance: 'previous' },
		})
	})

	it('opens the logs of all its containers as one, by time', async () => {
		const folder = 'files/var/log/pods/shop_web-54bb7ddcbd-jnm4c_bb17d7f6-8ffe-43f5-94d3-683e95ed550a'
		const two = await judgeRecording('pod-crashloop', {
			[`${folder}/sidecar/0.log`]: '2026-11-21T05:22:27.872443329Z stdout F hello\n',
			'api/pods.json': text => {
				const told = JSON.parse(text)
				const web = told.items.find(
					(item: { metadata: { name: string } }) => item.metadata.name === 'web-54bb7ddcbd-jnm4c',
				)
				web.spec.containers.push({ name: 'sidecar', image: 'x' })
				return JSON.stringify(told)
			},
		})
		const app = on(two).press('/').type('web-54').press('enter', 'l')
		expect(app.state.places.pods.at(-1)).toMatchObject({
			kind: 'log',
			ref: { kind: 'merged', of: [{ container: 'web' }, { container: 'sidecar' }] },
		})
	})

	it('says where the logs of a pod on another node are', () => {
		const app = new Driver({ mode: 'live', size: { columns: 120, rows: 40 } }).examined(ha).press('2', 'l')
		expect(app.screen()).toContain('Its logs are on the node h1')
	})
})

describe('the other lists', () => {
	it('are opened by their names and short names', () => {
		const app = on(claim)
		const list = (command: string) => app.press(':').type(command).press('enter').screen()
		expect(list('pvc')).toMatch(/big +Pending +1Gi/)
		expect(list('nodes')).toMatch(/s1 +Ready +control-plane/)
		expect(list('svc kube-system')).toMatch(/kube-dns.*1 ready/)
		expect(list('ns all')).toContain('all namespaces')
		expect(list('events')).toMatch(/Warn +ProvisioningFailed +PersistentVolumeClaim/)
		expect(list('deploy')).toMatch(/shop +db +0\/1/)
		expect(list('addons')).toContain('coredns.yaml')
		expect(list('ing')).toContain('There are no ingresses')
	})

	it('are completed', () => {
		const app = on(claim).press(':').type('serv').press('tab')
		expect(app.rows().at(-1)).toContain(':services')
	})

	it('lead from an event to what it is about', () => {
		const app = on(claim).press(':').type('events').press('enter', 'enter')
		expect(app.screen()).toContain('PersistentVolumeClaim shop/big')
	})

	it('are all in one list, with what is at fault', () => {
		const app = on(claim).press('K')
		expect(app.screen()).toMatch(/Volume claims.*1 at fault +2/)
		expect(app.press('G', 'enter').screen()).toContain('kube-node-lease')
	})

	it('say what a service leads to', () => {
		const words = on(crash)
			.press(':')
			.type('services')
			.press('enter', '/')
			.type('kube-dns')
			.press('enter', 'enter')
			.words()
		expect(words).toContain('selects k8s-app=kube-dns')
		expect(words).toContain('kube-system/coredns-5f5694d56b-j7hl7')
	})
})

describe('the finder', () => {
	it('finds by a few letters, and opens with Enter', () => {
		const app = new Driver({ mode: 'bundle', size: { columns: 100, rows: 30 } }).examined(crash)
		app.press('ctrl-p').type('wrkr')
		expect(app.screen()).toContain('shop/worker-9bb67bc6b-t8mhl')
		app.press('enter')
		expect(app.rows()[0]).toContain('Pods › worker-9bb67bc6b-t8mhl')
		expect(app.press('esc').rows()[0]).not.toContain('find')
	})

	it('is left with Esc', () => {
		const app = new Driver({ mode: 'bundle' }).examined(crash)
		app.press('ctrl-p').type('x').press('esc')
		expect(app.rows()[0]).toContain('Diagnoses')
		expect(app.rows()[0]).not.toContain('find')
	})
})

describe('a live node', () => {
	const at = Date.parse('2026-11-21T05:23:20Z')
	const live = (more: Partial<Live>): Live => ({ cluster: {}, voices: {}, troubles: {}, now: at, ...more })
	const pods = () => crash.evidence.cluster?.pods ?? []

	it('asks the API for an object as it is now, and shows it when it comes', () => {
		const app = new Driver({ mode: 'live', size: { columns: 120, rows: 40 } }).examined(crash).press('2', 'y')
		expect(app.effects.at(-1)).toEqual({
			kind: 'look-up',
			ref: { of: 'pods', namespace: 'shop', name: 'worker-9bb67bc6b-t8mhl' },
		})
		const ref = { of: 'pods' as const, namespace: 'shop', name: 'worker-9bb67bc6b-t8mhl' }
		app.send({
			type: 'looked-up',
			looked: { ref, object: { kind: 'Pod', metadata: { name: 'as it is now' } } },
		})
		expect(app.screen()).toContain('as it is now')
		app.send({ type: 'looked-up', looked: { ref, why: 'it is not allowed (403)' } })
		expect(app.screen()).toContain('it is not allowed (403)')
		expect(app.screen()).toContain('kind: Pod')
	})

	it('keeps the cursor on its pod while others come and go', () => {
		const app = new Driver({ mode: 'live' }).examined(crash).press('2', 'j')
		const voice = { speaker: 'watch' as const, since: at, heardAt: at }
		app.send({ type: 'live', live: live({ cluster: { pods: pods() }, pods: voice }) })
		expect(app.screen()).toContain('live since 05:23:20 UTC')
		const before = app.cursorRow()
		const [first] = pods()
		if (!first) throw new Error('the recording has no pods')
		const late = { ...first, uid: 'late', name: 'aaa', namespace: 'aaa' }
		app.send({ type: 'live', live: live({ cluster: { pods: [late, ...pods()] }, pods: voice }) })
		expect(app.screen()).toContain('aaa')
		expect(app.cursorRow().slice(0, 60)).toBe(before.slice(0, 60))
	})

	it('says what happened, and that it was got over', () => {
		const incident = { says: 'the watch broke off', at: at - 5_000 }
		const voice = { speaker: 'watch' as const, since: at, heardAt: at, incident }
		const app = new Driver({ mode: 'live' }).examined(crash).press('2')
		app.send({ type: 'live', live: live({ cluster: { pods: pods() }, pods: voice }) })
		expect(app.words()).toContain('live since 05:23:20 UTC; 05:23:15 the watch broke off')
	})

	it("shows the runtime's pods when the API falls silent", () => {
		const { runtime } = crash.evidence
		const app = new Driver({ mode: 'live' }).examined(crash).press('2')
		const voice = { speaker: 'crictl' as const, since: at, heardAt: at, trouble: 'the API: refused' }
		app.send({ type: 'live', live: live({ pods: voice, ...(runtime && { runtime }) }) })
		expect(app.words()).toContain('Told by crictl since 05:23:20 UTC: the API: refused')
		expect(app.screen()).toMatch(/worker-9bb67bc6b-t8mhl +0\/1 +Exited/)
	})
})

describe('what can be done with a pod', () => {
	it('is a plan of the remedies, and nothing happens before it is confirmed there', () => {
		const app = on(crash).press('r')
		expect(app.words()).toContain('Delete the pod shop/worker-9bb67bc6b-t8mhl restarts something')
		expect(app.words()).toContain('Restart Deployment shop/worker')
		expect(app.words()).toContain('Cordon the node s1')
		app.press('enter')
		const place = app.state.places.pods.at(-1)
		expect(place).toMatchObject({
			kind: 'plan',
			wish: {
				kind: 'own',
				remedy: {
					risk: 'restart',
					steps: [{ kube: { deletePod: { namespace: 'shop', name: 'worker-9bb67bc6b-t8mhl' } } }],
				},
			},
		})
		expect(app.kinds()).not.toContain('run')
	})

	it('is what kubectl would be told', () => {
		const sight = sightOf(on(crash).state)
		if (!sight) throw new Error('nothing is seen')
		const commands = (ref: ObjectRef) =>
			actsOf(sight, ref)
				.flatMap(({ steps }) => steps)
				.map(step => ('kube' in step ? kubeArgv(step.kube).join(' ') : ''))
		expect(commands({ of: 'pods', namespace: 'shop', name: 'worker-9bb67bc6b-t8mhl' })).toEqual([
			'k3s kubectl delete -n shop pod/worker-9bb67bc6b-t8mhl --wait=false',
			'k3s kubectl rollout restart -n shop deployment/worker',
			'k3s kubectl cordon s1',
		])
		expect(commands({ of: 'services', namespace: 'shop', name: 'web' })).toEqual([])
	})

	it('is to uncordon a node that is cordoned', async () => {
		const app = on(await judgeRecording('node-cordoned'))
			.press(':')
			.type('nodes')
			.press('enter', 'r')
		expect(app.screen()).toContain('Uncordon the node s1')
		expect(app.screen()).not.toContain('Cordon the node')
	})

	it('warns of a pod that nothing makes again', async () => {
		const lone = await judgeRecording('pod-crashloop', {
			'api/pods.json': text => text.replaceAll('"ownerReferences"', '"noOwnerReferences"'),
		})
		const app = on(lone).press('r')
		expect(app.words()).toMatch(/Delete the pod shop\/worker\S+ DESTRUCTIVE/)
	})

	it('is nothing where a name could become something else than a name', async () => {
		const evil = await judgeRecording('pod-crashloop', {
			'api/pods.json': text => text.replaceAll('worker-9bb67bc6b-t8mhl', '--all;rm -rf /'),
		})
		const app = on(evil)
		expect(app.cursorRow()).toContain('--all;rm')
		app.press('r')
		expect(app.state.places.pods.map(({ kind }) => kind)).toEqual(['pods'])
	})

	it('is nothing where the API is silent', async () => {
		const app = on(judge(await openRecording('api-blocked-local'))).press('r')
		expect(app.state.places.pods.map(({ kind }) => kind)).toEqual(['pods'])
		expect(app.words()).toContain('The Kubernetes API would have to do it, and it does not answer.')
	})
})

it('text of the API moves no cursor and hides nothing', async () => {
	const evil = await judgeRecording('pod-crashloop', {
		'api/pods.json': text =>
			text.replaceAll('"Error"', '"\\u001b[2J\\u001b]0;gone\\u0007\\u202eError\\r\\nx"'),
	})
	const app = on(evil)
	for (const keys of [[], ['enter'], ['esc', 'd'], ['esc', 'y'], ['esc', 'K']]) {
		const rows = app.press(...keys).rows()
		expect(rows).toHaveLength(40)
		expect(rows.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
	}
})
