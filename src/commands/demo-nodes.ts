/** The recorded nodes that ship with the package, the most telling one first. */
export const demoNodes: Readonly<Record<string, string>> = {
	'disk-full-restart': 'the disk of a server is full, and k3s was restarted',
	'agent-url-typo-name': 'an agent whose server URL has a slip of the pen',
	'agent-token-wrong-hash': 'an agent with the token of another cluster',
	'agent-cert-expired': 'an agent that was not restarted for a year',
	'ca-expired': 'a server whose cluster CA has expired',
	'kubelet-arg-unknown': 'a kubelet argument with a typo: k3s restarts for ever',
	'extdb-postgres-password': 'a wrong database password: k3s waits for ever, without a fatal word',
	'api-blocked-local': 'a firewall script that drops everything but ssh',
	'dns-loop': 'CoreDNS forwards to itself',
	'images-missing': 'an airgapped server without its images',
	'pod-crashloop': 'a healthy node with one broken application',
	'healthy-server': 'a healthy server, with all its harmless errors',
}
