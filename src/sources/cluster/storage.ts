/** Claims, volumes and storage classes. */
import type { Claim, StorageClass, Volume } from '../../model/evidence/index.js'
import { fields, inside, list, optional, own, text, texts } from '../field.js'
import { meta, reference } from './meta.js'

export function claim(object: unknown): Claim {
	const spec = inside(object, 'spec')
	const named = own(spec, 'storageClassName')
	return {
		...meta(object),
		phase: text(inside(object, 'status').phase),
		// '' is a choice of its own: no class, only volumes made by hand.
		...optional('storageClass', typeof named === 'string' ? named : undefined),
		volume: text(spec.volumeName),
		accessModes: texts(spec.accessModes),
		requested: text(inside(spec, 'resources', 'requests').storage),
	}
}

const defaultMarks = [
	'storageclass.kubernetes.io/is-default-class',
	'storageclass.beta.kubernetes.io/is-default-class',
]

export function storageClass(object: unknown): StorageClass {
	const about = meta(object)
	return {
		...about,
		provisioner: text(fields(object).provisioner),
		isDefault: defaultMarks.some(mark => about.annotations[mark] === 'true'),
		bindingMode: text(fields(object).volumeBindingMode) || 'Immediate',
	}
}

/** The values that a volume's node affinity allows: names of nodes, for local volumes. */
function nodeAffinity(spec: unknown): string[] {
	const terms = list(inside(spec, 'nodeAffinity', 'required').nodeSelectorTerms)
	return terms.flatMap(term =>
		list(fields(term).matchExpressions).flatMap(expression => texts(fields(expression).values)),
	)
}

export function volume(object: unknown): Volume {
	const spec = inside(object, 'spec')
	const path = text(inside(spec, 'local').path) || text(inside(spec, 'hostPath').path)
	const nfs = inside(spec, 'nfs')
	return {
		...meta(object),
		phase: text(inside(object, 'status').phase),
		...optional('claim', reference(spec.claimRef)),
		nodeAffinity: nodeAffinity(spec),
		storageClass: text(spec.storageClassName),
		...optional('path', path || text(nfs.path) || undefined),
	}
}
