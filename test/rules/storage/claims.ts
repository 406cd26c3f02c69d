/** Storage classes and claims as the API lists them, and what is said of a claim. */
import { ago, event } from '../cluster-text.js'

/** The class that k3s brings. */
export const localPath = (isDefault = true) => ({
	metadata: {
		name: 'local-path',
		annotations: isDefault ? { 'storageclass.kubernetes.io/is-default-class': 'true' } : {},
	},
	provisioner: 'rancher.io/local-path',
	volumeBindingMode: 'WaitForFirstConsumer',
})

/** The claim `data` in the namespace `shop`. */
export function claim(
	storageClassName?: string,
	more: { mode?: string; phase?: string; created?: string } = {},
) {
	return {
		metadata: { namespace: 'shop', name: 'data', creationTimestamp: more.created ?? ago(400) },
		spec: {
			...(storageClassName !== undefined && { storageClassName }),
			accessModes: [more.mode ?? 'ReadWriteOnce'],
		},
		status: { phase: more.phase ?? 'Pending' },
	}
}

export const aboutClaim = (reason: string, message: string, more = {}) =>
	event({ kind: 'PersistentVolumeClaim', name: 'data', reason, message, count: 4, ...more })
