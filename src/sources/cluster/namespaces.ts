/** Namespaces and the network policies in them. */
import type { ClusterEvidence } from '../../model/evidence/index.js'
import { inside, map, text, texts } from '../field.js'
import { conditions, meta } from './meta.js'

type Namespace = NonNullable<ClusterEvidence['namespaces']>[number]
type NetworkPolicy = NonNullable<ClusterEvidence['networkPolicies']>[number]

export function kubeNamespace(object: unknown): Namespace {
	const about = meta(object)
	// The finalizers that hold a namespace back stand in its spec, those of its metadata are others.
	const finalizers = [...new Set([...about.finalizers, ...texts(inside(object, 'spec').finalizers)])]
	return { ...about, finalizers, phase: text(inside(object, 'status').phase), conditions: conditions(object) }
}

export function networkPolicy(object: unknown): NetworkPolicy {
	const spec = inside(object, 'spec')
	const types = texts(spec.policyTypes)
	return {
		...meta(object),
		podSelector: map(inside(spec, 'podSelector').matchLabels),
		// The API fills this in; a policy always covers ingress unless it says otherwise.
		types: types.length ? types : ['Ingress'],
	}
}
