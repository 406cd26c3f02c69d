/** Names that only a log tells: of other nodes, and of pods when the API does not answer. */

const logs = /^journal\/k3s|\/(?:kubelet|k3s|containerd)\.log$/

/** k3s, the kubelet, etcd and kube-proxy name nodes so. */
const hosts =
	/(?:\bsystem:node:|\bhostname-override=|\bbackend connection request \[|\bnode(?:Name)?="?|\/api\/v1\/nodes\/|\bcsinodes\/|\bkube-node-lease\/leases\/|\bnode \\?")([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?=[\s"'\\\]/?,;:)}]|$)/gm
/** `s1-0a1b2c3d` is etcd's name of the member on s1. */
const members =
	/"?(?:local-member-name|remote-peer-name|name)"?[:=]"?([a-z0-9][a-z0-9.-]{0,200})-[0-9a-f]{8}\b/g
const objects =
	/\b(?:pods?|secret|configmap|service|deployment|daemonset|statefulset|job|persistentvolumeclaim|endpoints)\\?"?[:=]\\?"([a-z0-9][a-z0-9.-]{0,62})\/([a-z0-9][a-z0-9.-]{0,252})\\?"/g
const paths =
	/\/namespaces\/([a-z0-9][a-z0-9-]{0,62})\/[a-z]{3,40}(?:\/([a-z0-9][a-z0-9.-]{0,252}))?(?=[\s"'\\?/:,]|$)/gm

export function* hostsMentioned(files: ReadonlyMap<string, string>): Generator<string> {
	for (const [file, text] of files) {
		if (!logs.test(file)) continue
		for (const pattern of [hosts, members]) for (const [, host = ''] of text.matchAll(pattern)) yield host
	}
}

export function* objectsMentioned(files: ReadonlyMap<string, string>): Generator<string> {
	for (const [file, text] of files) {
		if (!logs.test(file)) continue
		for (const pattern of [objects, paths])
			for (const [, namespace = '', name] of text.matchAll(pattern)) {
				yield namespace
				if (name !== undefined) yield name
			}
	}
}
