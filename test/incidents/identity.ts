/** Incidents of certificates, kubeconfigs, tokens, names and rights. */
import { apiScene, ends, keepsSaying, waits } from '../messages/scene.js'
import { event } from '../rules/cluster-text.js'
import { listed, listingEntry } from '../rules/unit.js'
import { type Cases, says, untold } from './case.js'
import { config, error, fatal, info, klog } from './raw.js'

const unauthenticated = (end: string) =>
	klog(
		`Unable to authenticate the request due to an error: [x509: certificate has expired or is not yet valid: current time 2026-11-21T04:05:10Z is after ${end}, verifying certificate SN=7421, SKID=, AKID=AA:01 failed: x509: certificate has expired or is not yet valid: current time 2026-11-21T04:05:10Z is after ${end}]`,
		'E',
		'authentication.go:63',
	)

const client = 'the client alone sees the refusal: on the node the file has the mode that k3s gives it'

export const identity: Cases = {
	'k3s-2034': says(() =>
		keepsSaying('agent', [
			`${error('Remotedialer proxy error; reconnecting...')} error="tls: failed to verify certificate: x509: certificate signed by unknown authority" url="wss://10.1.0.12:6443/v1-k3s/connect"`,
		]),
	),
	'k3s-411': says(() =>
		keepsSaying(
			'server',
			[
				klog(
					'Failed to list *v1.Node: Get https://127.0.0.1:6444/api/v1/nodes: x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "k3s-token-ca@1556108402")',
					'E',
					'reflector.go:126',
				),
			],
			{ version: 'v0.5.0' },
		),
	),
	'cloudpods-23714': says(() => keepsSaying('server', [unauthenticated('2026-10-31T02:14:00Z')])),
	'k3s-9954': says(() =>
		keepsSaying('server', [unauthenticated('2026-11-10T09:31:44Z')], { version: 'v1.26.3+k3s1' }),
	),
	'k3s-9898': says(() =>
		apiScene('server', {
			events: [
				event({
					kind: 'Node',
					namespace: 'default',
					name: 'node-1',
					reason: 'CertificateExpirationWarning',
					message:
						'Node certificates require attention - restart k3s on this node to trigger automatic rotation: k3s-server/client-admin.crt: certificate CN=system:admin will expire within 90 days at 2027-01-30T07:11:02Z',
				}),
			],
		}),
	),
	'k3s-10689': says(
		() =>
			keepsSaying(
				'server',
				[
					error(
						'certificate error ID 21930: failed to validate new CA certificates and keys: [client-ca: tls: failed to find any PEM data in certificate input, server-ca: tls: failed to find any PEM data in certificate input]',
					),
				],
				{},
				1,
			),
		['ca-mismatch'],
	),
	'kubernetes-34956': says(() => ({
		...waits(
			'agent',
			[
				info(
					'Waiting to retrieve agent configuration; server is not ready: tls: failed to find any PEM data in certificate input',
				),
			],
			{
				more: {
					'commands/files.tsv': ['client-kubelet.crt', 'client-kubelet.key', 'client-ca.crt']
						.map(name => listed(`/var/lib/rancher/k3s/agent/${name}`, { size: 0, mode: '600' }))
						.join(''),
				},
			},
		),
		entries: [listingEntry],
	})),
	'gitpod-35': untold(
		'the name that the certificate lacks is known to the client and its load balancer alone',
	),
	'k3os-173': untold(client),
	'k3s-6325': untold(client),
	'awx-on-k3s-352': untold(
		'the old copy lies with its user; the node sees only one refused request among others',
	),
	'k3s-467': says(() =>
		waits(
			'agent',
			[error('Failed to retrieve agent config: https://k3s-main:6443/v1-k3s/node.crt: 403 Forbidden')],
			{ version: 'v0.5.0' },
		),
	),
	'k3s-802': says(() =>
		waits(
			'agent',
			[
				info(
					"Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag",
				),
			],
			{ version: 'v1.19.5+k3s1' },
		),
	),
	'rancher-15597': untold('a refusal of rights to helm stands in the output of helm alone'),
	'k3s-11014': says(() =>
		ends(
			'server',
			[
				fatal(
					'Error: preparing server: failed to bootstrap cluster data: failed to reconcile with local datastore: bootstrap data already found and encrypted with different token',
				),
			],
			{ version: 'v1.31.1+k3s1' },
		),
	),
	'k3s-4640': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: bootstrap data already found and encrypted with different token',
				),
			],
			{ version: 'v1.21.7+k3s1' },
		),
	),
	'k3s-10740': says(() =>
		ends(
			'server',
			[
				'panic: failed to normalize server token; must be in format K10<CA-HASH>::<USERNAME>:<PASSWORD> or <PASSWORD>',
				'goroutine 1 [running]:',
				'github.com/k3s-io/k3s/pkg/cluster.(*Cluster).storageBootstrap',
			],
			{ version: 'v1.30.3+k3s1', status: '2/INVALIDARGUMENT' },
		),
	),
	'k3s-4174': says(() =>
		waits('agent', [error('token is not valid: https://127.0.0.1:6444/apis: 401 Unauthorized')], {
			version: 'v1.21.5+k3s2',
		}),
	),
	'k3s-10092': says(() =>
		waits(
			'server',
			[error('Failed to ping database connection: dial tcp 10.20.1.7:3306: connect: connection refused')],
			{ more: config('datastore-endpoint: "mysql://k3s:<redacted>@tcp(10.20.1.7:3306)/k3s"\n') },
		),
	),
}
