/** Rows of `kubectl get … -o wide` of other kinds, as far as their columns tell. */
import { kubectlAge } from '../ages.js'
import type { Row } from '../table.js'
import { isoAgo } from './pods.js'

type Build = (row: Row, at: number) => unknown

const none = (text: string | undefined) =>
	!text || /^<(?:none|unset|unknown|pending)>$/.test(text) ? undefined : text

function metaOf({ cells }: Row, at: number, more: object = {}) {
	const namespace = cells.get('NAMESPACE')
	const created = cells.get('CREATED AT') ?? isoAgo(at, kubectlAge(cells.get('AGE') ?? ''))
	return {
		...(namespace && { namespace }),
		name: cells.get('NAME') ?? '',
		...(created && { creationTimestamp: created }),
		...more,
	}
}

function pairs(text: string | undefined): Record<string, string> {
	const found = (none(text) ?? '').split(',').filter(part => part.includes('='))
	return Object.fromEntries(
		found.map(part => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
	)
}

/** `80:31380/TCP,443/TCP` */
function ports(text: string | undefined): unknown[] {
	return (none(text) ?? '').split(',').flatMap(word => {
		const [, port, nodePort, protocol] = /^(\d{1,5})(?::(\d{1,5}))?\/(TCP|UDP|SCTP)$/.exec(word) ?? []
		return port ? [{ port: Number(port), protocol, ...(nodePort && { nodePort: Number(nodePort) }) }] : []
	})
}

const service: Build = (row, at) => {
	const { cells } = row
	const type = cells.get('TYPE') ?? 'ClusterIP'
	const external = (none(cells.get('EXTERNAL-IP')) ?? '').split(',').filter(Boolean)
	return {
		metadata: metaOf(row, at),
		spec: {
			type,
			clusterIP: cells.get('CLUSTER-IP') ?? '',
			ports: ports(cells.get('PORT(S)')),
			selector: pairs(cells.get('SELECTOR')),
			...(type !== 'LoadBalancer' && external.length > 0 && { externalIPs: external }),
		},
		...(type === 'LoadBalancer' && { status: { loadBalancer: { ingress: external.map(ip => ({ ip })) } } }),
	}
}

const template = ({ cells }: Row) => {
	const names = (cells.get('CONTAINERS') ?? '').split(',').filter(Boolean)
	const images = (cells.get('IMAGES') ?? '').split(',')
	return { spec: { containers: names.map((name, index) => ({ name, image: images[index] ?? '' })) } }
}

const count = (text: string | undefined) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : 0)

/** `1/1` of READY or COMPLETIONS. */
function ofAll(text: string | undefined): [number, number] {
	const parts = /^(\d{1,9})\/(\d{1,9})/.exec(text ?? '')
	return [Number(parts?.[1] ?? 0), Number(parts?.[2] ?? 0)]
}

const replicated: Build = (row, at) => {
	const [ready, wanted] = ofAll(row.cells.get('READY'))
	return {
		metadata: metaOf(row, at),
		spec: { replicas: wanted, template: template(row) },
		status: { readyReplicas: ready, replicas: wanted },
	}
}

const replicaSet: Build = (row, at) => ({
	metadata: metaOf(row, at),
	spec: { replicas: count(row.cells.get('DESIRED')), template: template(row) },
	status: { readyReplicas: count(row.cells.get('READY')) },
})

const daemonSet: Build = (row, at) => ({
	metadata: metaOf(row, at),
	spec: { template: template(row) },
	status: {
		desiredNumberScheduled: count(row.cells.get('DESIRED')),
		numberReady: count(row.cells.get('READY')),
	},
})

const job: Build = (row, at) => {
	const [succeeded, completions] = ofAll(row.cells.get('COMPLETIONS'))
	const failed = row.cells.get('STATUS') === 'Failed'
	return {
		metadata: metaOf(row, at),
		spec: { completions: completions || 1, template: template(row) },
		status: { succeeded, ...(failed && { failed: 1, conditions: [{ type: 'Failed', status: 'True' }] }) },
	}
}

const namespace: Build = (row, at) => ({
	// Since when one is ending is not told.
	metadata: metaOf(row, at),
	status: { phase: row.cells.get('STATUS') ?? '' },
})

const claim: Build = (row, at) => {
	const { cells } = row
	const storageClass = none(cells.get('STORAGECLASS'))
	const modes: Readonly<Record<string, string>> = {
		RWO: 'ReadWriteOnce',
		ROX: 'ReadOnlyMany',
		RWX: 'ReadWriteMany',
		RWOP: 'ReadWriteOncePod',
	}
	const told = (cells.get('ACCESS MODES') ?? '').split(',').flatMap(mode => modes[mode] ?? [])
	const going = cells.get('STATUS') === 'Terminating' ? { deletionTimestamp: isoAgo(at, 0) } : {}
	return {
		// Without the column it is the namespace that kubectl asks about by default, as with pods and events.
		metadata: metaOf(row, at, { namespace: cells.get('NAMESPACE') ?? 'default', ...going }),
		spec: {
			...(storageClass && { storageClassName: storageClass }),
			volumeName: cells.get('VOLUME') ?? '',
			accessModes: told,
			resources: { requests: { storage: cells.get('CAPACITY') ?? '' } },
		},
		status: { phase: cells.get('STATUS') ?? '' },
	}
}

const volume: Build = (row, at) => {
	const [inNamespace, ...name] = (none(row.cells.get('CLAIM')) ?? '').split('/')
	return {
		metadata: metaOf(row, at),
		spec: {
			storageClassName: none(row.cells.get('STORAGECLASS')) ?? '',
			...(name.length > 0 && { claimRef: { namespace: inNamespace, name: name.join('/') } }),
		},
		status: { phase: row.cells.get('STATUS') ?? '' },
	}
}

const apiService: Build = (row, at) => {
	const [inNamespace, name] = (row.cells.get('SERVICE') ?? '').split('/')
	const told = /^(True|False|Unknown)(?: \((.+)\))?$/.exec(row.cells.get('AVAILABLE') ?? '')
	return {
		metadata: metaOf(row, at),
		spec: name ? { service: { namespace: inNamespace, name } } : {},
		status: {
			conditions: told
				? [
						{
							type: 'Available',
							status: told[1],
							reason: told[2] ?? (name ? 'Passed' : 'Local'),
							message: '',
						},
					]
				: [],
		},
	}
}

const bare: Build = (row, at) => ({ metadata: metaOf(row, at) })

const policy: Build = (row, at) => ({
	metadata: metaOf(row, at),
	spec: { podSelector: { matchLabels: pairs(row.cells.get('POD-SELECTOR')) } },
})

const chart: Build = (row, at) => ({
	metadata: metaOf(row, at),
	spec: {
		chart: row.cells.get('CHART') ?? '',
		targetNamespace: none(row.cells.get('TARGETNAMESPACE')) ?? '',
	},
	status: {
		jobName: row.cells.get('JOB') ?? '',
		...(row.cells.get('FAILED') === 'True' && { conditions: [{ type: 'Failed', status: 'True' }] }),
	},
})

const classOf: Build = (row, at) => {
	const name = row.cells.get('NAME') ?? ''
	const isDefault = name.endsWith(' (default)')
	return {
		metadata: {
			...metaOf(row, at),
			name: name.replace(/ \(default\)$/, ''),
			...(isDefault && { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
		},
		provisioner: row.cells.get('PROVISIONER') ?? '',
		volumeBindingMode: row.cells.get('VOLUMEBINDINGMODE') ?? '',
	}
}

/** Own list -> the names of kubectl's table, and how a row of it is read. */
export const objects: Readonly<Record<string, { names: readonly string[]; build: Build }>> = {
	services: { names: ['services', 'svc'], build: service },
	deployments: { names: ['deployments', 'deploy'], build: replicated },
	statefulsets: { names: ['statefulsets', 'sts'], build: replicated },
	replicasets: { names: ['replicasets', 'rs'], build: replicaSet },
	daemonsets: { names: ['daemonsets', 'ds'], build: daemonSet },
	jobs: { names: ['jobs'], build: job },
	namespaces: { names: ['namespaces', 'ns'], build: namespace },
	persistentvolumeclaims: { names: ['pvc', 'persistentvolumeclaims'], build: claim },
	persistentvolumes: { names: ['pv', 'persistentvolumes'], build: volume },
	storageclasses: { names: ['storageclasses', 'storageclass', 'sc'], build: classOf },
	apiservices: { names: ['apiservices'], build: apiService },
	ingresses: { names: ['ingress', 'ingresses'], build: bare },
	networkpolicies: { names: ['networkpolicies', 'netpol'], build: policy },
	customresourcedefinitions: { names: ['crds', 'customresourcedefinitions'], build: bare },
	helmcharts: { names: ['helmcharts'], build: chart },
	leases: {
		names: ['leases'],
		build: (row, at) => ({
			metadata: metaOf(row, at),
			spec: { holderIdentity: row.cells.get('HOLDER') ?? '' },
		}),
	},
	addons: {
		names: ['addons'],
		build: (row, at) => ({ metadata: metaOf(row, at), spec: { source: row.cells.get('SOURCE') ?? '' } }),
	},
}
