import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, agentUnit, joins, waitingAgent } from '../agent.js'
import {
	crashing,
	error,
	fatalStart,
	info,
	journalText,
	listed,
	listingEntry,
	running,
	unitShow,
} from '../unit.js'
import { agent, dateFile, printedCertificate, server } from './certificate-text.js'

describe('cert-expired', () => {
	it('fires on a running server whose leaf has ended, wherever the data directory is', () => {
		const examination = judgeFiles(
			running({
				'files/srv/k3s/server/tls/client-controller.crt': printedCertificate({
					subject: 'CN = system:kube-controller-manager',
					to: '2026-11-20',
				}),
				...dateFile(),
			}),
			{ dataDir: '/srv/k3s' },
		)
		expect(rootsOf(examination)).toEqual(['cert-expired'])
		expect(examination.report.diagnoses[0]?.confidence).toBe('certain')
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain('client-controller.crt')
	})

	it('fires on what the API says to itself, with nothing but a log', () => {
		const words =
			'"Failed to update lease" err="Put \\"https://127.0.0.1:6443/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n\\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2027-01-02T03:04:05Z is after 2027-01-01T00:00:00Z"'
		const files = running({}, [[60, 'k3s', `E0102 03:04:05.000001     700 controller.go:251] ${words}`]])
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'cert-expired': 'likely' })
	})

	it('offers a restart of the unit that this node has', () => {
		const examination = judgeFiles(
			{
				'commands/systemctl-show.txt': agentUnit(),
				[`files${agent}/client-kubelet.crt`]: printedCertificate({ to: '2026-11-20' }),
				...dateFile(),
			},
			agentNode,
		)
		expect(examination.report.diagnoses[0]?.remedies.map(({ steps }) => steps[0])).toEqual([
			{ run: ['systemctl', '--no-block', 'restart', 'k3s-agent.service'] },
		])
	})

	it('is silent by the clock of the past: what ends later is good', () => {
		const files = running({
			[`files${server}/client-controller.crt`]: printedCertificate({ to: '2026-11-20' }),
			...dateFile('2025-11-30T00:00:00'),
		})
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('cert-expired')
	})

	it.each([
		['a copy that a rotation left', '/var/lib/rancher/k3s/server/tls-1735689600/client-admin.crt'],
		['a left-over that nobody renews', `${server}/client-kube-proxy.crt`],
		['a certificate of somebody else', '/etc/ssl/site.crt'],
	])('is silent on %s', (_what, path) => {
		const files = running({ [`files${path}`]: printedCertificate({ to: '2026-01-01' }), ...dateFile() })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('cert-expired')
	})

	it('is silent on the expired certificate of a registry', () => {
		const words =
			'"Failed to pull image" err="failed to do request: Head \\"https://registry.example/v2/app/manifests/1\\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-21T04:01:00Z is after 2026-11-20T00:00:00Z"'
		const files = running({}, [[60, 'k3s', `E1121 04:01:00.000001     700 pod_workers.go:1] ${words}`]])
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('cert-expired')
	})

	it('is no more than possible where k3s is down for another reason: a start renews them', () => {
		const files = crashing('Error: invalid service-cidr 10.43.0.0/99', {
			[`files${server}/client-admin.crt`]: printedCertificate({ to: '2026-11-20' }),
			...dateFile(),
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'cert-expired': 'possible' })
		expect(rootsOf(judgeFiles(files))).not.toContain('cert-expired')
	})
})

describe('cert-expiring', () => {
	const expiring = (to: string) =>
		judgeFiles(
			running({
				[`files${server}/client-admin.crt`]: printedCertificate({ to, subject: 'CN = system:admin' }),
				...dateFile(),
			}),
		).report.diagnoses

	it('is a warning in the last month, and information before that', () => {
		expect(expiring('2026-12-01')).toMatchObject([
			{ cause: 'cert-expiring', severity: 'warning', confidence: 'certain' },
		])
		expect(expiring('2027-03-01')).toMatchObject([{ cause: 'cert-expiring', severity: 'info' }])
	})

	it('knows that older releases renew 90 days ahead', () => {
		const files = (version: string) =>
			judgeFiles({
				'commands/systemctl-show.txt': unitShow(),
				'journal/k3s.log': journalText([
					[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
					[1, 'k3s', info(`Starting k3s ${version} (abcdef12)`)],
					[3, 'k3s', info('k3s is up and running')],
				]),
				[`files${server}/client-admin.crt`]: printedCertificate({ to: '2027-03-01' }),
				...dateFile(),
			})
		expect(causesOf(files('v1.33.0+k3s1'))).toEqual({})
		expect(causesOf(files('v1.33.1+k3s1'))).toHaveProperty('cert-expiring')
		expect(causesOf(files('v1.29.4+k3s1'))).toEqual({})
	})

	it('tells of an authority in its last year', () => {
		const files = running({
			[`files${server}/server-ca.crt`]: printedCertificate({
				ca: true,
				subject: 'CN = k3s-server-ca@1',
				issuer: 'CN = k3s-server-ca@1',
				from: '2017-01-01',
				to: '2027-06-01',
			}),
			...dateFile(),
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'cert-expiring': 'likely' })
	})

	it('believes the event of k3s, until the next one takes it back', async () => {
		const event = (reason: string, at: string) => ({
			metadata: { namespace: 'default', name: `n.${reason}` },
			involvedObject: { kind: 'Node', name: 'node-1' },
			type: 'Warning',
			reason,
			message: 'certificates will expire within 120 days',
			count: 1,
			firstTimestamp: at,
			lastTimestamp: at,
		})
		const list = (items: unknown[]) => JSON.stringify({ kind: 'List', apiVersion: 'v1', items })
		const warned = event('CertificateExpirationWarning', '2026-11-21T03:00:00Z')
		const fine = event('CertificateExpirationOK', '2026-11-21T03:30:00Z')
		expect(causesOf(judgeFiles(running({ 'api/events.json': list([warned]) })))).toHaveProperty(
			'cert-expiring',
		)
		expect(causesOf(judgeFiles(running({ 'api/events.json': list([warned, fine]) })))).not.toHaveProperty(
			'cert-expiring',
		)
	})

	it('is silent on fresh certificates', () => {
		expect(expiring('2027-11-20')).toEqual([])
	})
})

describe('ca-expired', () => {
	const authority = (to: string) =>
		printedCertificate({
			ca: true,
			subject: 'CN = k3s-client-ca@1480000000',
			issuer: 'CN = k3s-client-ca@1480000000',
			from: '2016-11-24',
			to,
		})

	it('stands before the leaves that it takes with it', () => {
		const examination = judgeFiles(
			running({
				[`files${server}/client-ca.crt`]: authority('2026-11-20'),
				[`files${server}/client-admin.crt`]: printedCertificate({ to: '2026-11-20' }),
				...dateFile(),
			}),
		)
		expect(rootsOf(examination)).toEqual(['ca-expired'])
		expect(causesOf(examination)).toMatchObject({ 'ca-expired': 'certain', 'cert-expired': 'certain' })
	})

	it('tells an agent that it is mended on the servers', () => {
		const examination = judgeFiles(
			{
				'commands/systemctl-show.txt': agentUnit(),
				[`files${agent}/server-ca.crt`]: authority('2026-11-20'),
				...dateFile(),
			},
			agentNode,
		)
		expect(rootsOf(examination)).toEqual(['ca-expired'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.title).toContain('on a server')
	})

	it('is silent while the authority is good, and on one of somebody else', () => {
		const files = running({
			[`files${server}/client-ca.crt`]: authority('2036-11-20'),
			'files/etc/ssl/old-ca.crt': authority('2020-01-01'),
			...dateFile(),
		})
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('ca-mismatch', () => {
	it('fires when the server hands out other authorities, under any name', async () => {
		const examination = await judgeRecording('agent-server-reinstalled', {
			'journal/k3s-agent.log': null,
			'probes/http.json': text => text.replaceAll('10.99.0.11', 'k3s.corp.example'),
		})
		expect(rootsOf(examination)[0]).toBe('ca-mismatch')
	})

	it('fires on a token of another cluster, and offers the right one first', () => {
		const a = 'a'.repeat(64)
		const b = 'b'.repeat(64)
		const examination = judgeFiles(
			waitingAgent(
				error(
					`Failed to validate connection to cluster at https://rancher.example:6443: token CA hash does not match the Cluster CA certificate hash: ${a} != ${b}`,
				),
				joins(),
			),
			agentNode,
		)
		expect(rootsOf(examination)).toEqual(['ca-mismatch'])
		expect(examination.report.diagnoses[0]).toMatchObject({ confidence: 'certain' })
		expect(examination.report.diagnoses[0]?.remedies[0]?.title).toContain('token')
	})

	it('is silent on the certificate of a registry that this host does not trust', () => {
		const words =
			'"Failed to pull image" err="failed to do request: Head \\"https://registry.example:6443/v2/\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"'
		const files = running({}, [[60, 'k3s', `E1121 04:01:00.000001     700 pod_workers.go:1] ${words}`]])
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('ca-mismatch')
	})

	it('is silent when the server hands out what is trusted', async () => {
		expect(causesOf(await judgeRecording('agent-healthy'))).not.toHaveProperty('ca-mismatch')
	})
})

describe('cert-san-missing', () => {
	const asked = (name: string) =>
		`Failed to validate connection to cluster at https://${name}:6443: CA cert validation failed: Get "https://127.0.0.1:6444/cacerts": tls: failed to verify certificate: x509: certificate is valid for kubernetes, localhost, node-1, not ${name}`

	it('names the name that is missing', () => {
		const { report } = judgeFiles(
			waitingAgent(error(asked('lb.example')), joins('https://lb.example:6443')),
			agentNode,
		)
		const found = report.diagnoses.find(({ cause }) => cause === 'cert-san-missing')
		expect(found).toMatchObject({ severity: 'critical', confidence: 'certain' })
		expect(found?.findings[0]?.says).toContain('lb.example')
		expect(JSON.stringify(found?.remedies)).toContain('lb.example')
	})

	it('adds the name on a server', () => {
		const words =
			'Get "https://api.example:6443/healthz": tls: failed to verify certificate: x509: certificate is valid for kubernetes, 127.0.0.1, not api.example'
		const { report } = judgeFiles(running({}, [[50, 'k3s', error(words)]]))
		expect(report.diagnoses[0]).toMatchObject({ cause: 'cert-san-missing', severity: 'warning' })
		expect(report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			addTo: { 'tls-san': ['api.example'] },
		})
	})

	it('is silent on a webhook with a wrong name', () => {
		const words =
			'failed calling webhook "v.example": Post "https://v.ns.svc:443/?timeout=10s": tls: failed to verify certificate: x509: certificate is valid for a, not v.ns.svc'
		expect(causesOf(judgeFiles(running({}, [[50, 'k3s', error(words)]])))).not.toHaveProperty(
			'cert-san-missing',
		)
	})
})

describe('cert-key-mismatch', () => {
	it('sees an empty key by its size alone, and takes away just that', () => {
		const key = '/data/k3s/server/tls/server-ca.key'
		const examination = judgeFiles(
			crashing('Error: preparing server: failed to generate server dependencies: x', {
				'commands/files.tsv': listed(key, { mode: '600', size: 0 }),
			}),
			{ dataDir: '/data/k3s' },
			[listingEntry],
		)
		expect(rootsOf(examination)[0]).toBe('cert-key-mismatch')
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps).toContainEqual({ remove: key })
	})

	it('takes a leaf away together with its certificate', () => {
		const examination = judgeFiles(
			waitingAgent(
				info(
					`Waiting to retrieve agent configuration; server is not ready: ${agent}/client-kube-proxy.crt: failed to create certificate request ${agent}/client-kube-proxy.crt: error loading key from ${agent}/client-kube-proxy.key: <nil>`,
				),
				joins(),
			),
			agentNode,
		)
		const found = examination.report.diagnoses.find(({ cause }) => cause === 'cert-key-mismatch')
		expect(found?.confidence).toBe('certain')
		const steps = found?.remedies[0]?.steps
		expect(steps).toContainEqual({ remove: `${agent}/client-kube-proxy.key` })
		expect(steps).toContainEqual({ remove: `${agent}/client-kube-proxy.crt` })
	})

	it.each([
		'Error: starting kubernetes: preparing server: failed to generate server dependencies: error reading private key file /x/y.key: data does not contain a valid RSA or ECDSA private key',
		'starting kubernetes: preparing server: tls: private key does not match public key',
		'Error: preparing server: certificate and key must be supplied as a pair',
	])('fires on %s', word => {
		expect(causesOf(judgeFiles(crashing(word)))).toMatchObject({ 'cert-key-mismatch': 'certain' })
	})

	it('never touches what does not belong to k3s', () => {
		const examination = judgeFiles(
			crashing(
				'Error: preparing server: error reading private key file /etc/ssl/own.key: data does not contain a valid RSA or ECDSA private key',
			),
		)
		expect(JSON.stringify(examination.report.diagnoses[0]?.remedies)).not.toContain('"remove"')
	})

	it('is only a warning while k3s still runs on what it has in memory', () => {
		const { report } = judgeFiles(
			running({ 'commands/files.tsv': listed(`${server}/client-ca.key`, { size: 0 }) }),
			{},
			[listingEntry],
		)
		expect(report.diagnoses).toMatchObject([{ cause: 'cert-key-mismatch', severity: 'warning' }])
	})

	it('is silent on other empty files', () => {
		const files = running({
			'commands/files.tsv':
				listed('/var/lib/rancher/k3s/data/.lock', { size: 0 }) +
				listed('/var/lib/rancher/k3s/agent/containerd/io.containerd.x/y.key', { size: 0 }) +
				listed(`${server}/client-ca.key`, { size: 227 }),
		})
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toEqual({})
	})
})

describe('kubeconfig-stale', () => {
	it('sees a client that shows an expired certificate to a server whose own are good', () => {
		const words =
			'"Unable to authenticate the request" err="[x509: certificate has expired or is not yet valid: current time 2026-11-21T04:01:00Z is after 2026-11-01T00:00:00Z, verifying certificate SN=1, SKID=, AKID=1 failed: x509: certificate has expired]"'
		const files = running(
			{ [`files${server}/client-admin.crt`]: printedCertificate({ to: '2027-11-20' }), ...dateFile() },
			[[60, 'k3s', `E1121 04:01:00.000001     700 authentication.go:75] ${words}`]],
		)
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'kubeconfig-stale': 'possible' })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('ca-expired')
	})

	it('fires when kubectl on a running server is refused', () => {
		const examination = judgeFiles(running(), {}, [
			{
				file: 'api/readyz.txt',
				argv: ['k3s', 'kubectl', 'get', '--raw', '/readyz?verbose'],
				exit: 1,
				why: 'failed',
				stderr: 'error: You must be logged in to the server (Unauthorized)',
			},
		])
		expect(causesOf(examination)).toMatchObject({ 'kubeconfig-stale': 'likely' })
	})

	it('is silent on an agent, which has no such file', async () => {
		expect(causesOf(await judgeRecording('agent-cert-expired'))).not.toHaveProperty('kubeconfig-stale')
	})
})

describe('kubeconfig-permission', () => {
	const asked = (stderr: string) => [
		{
			file: 'api/readyz.txt',
			argv: ['k3s', 'kubectl', 'get', '--raw', '/readyz'],
			exit: 1,
			why: 'failed' as const,
			stderr,
		},
	]

	it.each([
		'error: error loading config file "/etc/rancher/k3s/k3s.yaml": open /etc/rancher/k3s/k3s.yaml: permission denied',
		'WARN[0000] Unable to read /etc/rancher/k3s/k3s.yaml, please start server with --write-kubeconfig-mode',
		'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
	])('fires on: %s', stderr => {
		expect(causesOf(judgeFiles(running(), { root: false }, asked(stderr)))).toMatchObject({
			'kubeconfig-permission': 'likely',
		})
	})

	it('is silent when the API is down, and on an agent', () => {
		const down =
			'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?'
		expect(causesOf(judgeFiles(running(), {}, asked(down)))).not.toHaveProperty('kubeconfig-permission')
		const agents = judgeFiles(
			{ 'commands/systemctl-show.txt': agentUnit() },
			agentNode,
			asked('localhost:8080 was refused'),
		)
		expect(causesOf(agents)).not.toHaveProperty('kubeconfig-permission')
	})
})

describe('recorded nodes with other names', () => {
	it('an expired agent elsewhere', async () => {
		const examination = await judgeRecording('agent-cert-expired', { 'journal/k3s-agent.log': null })
		expect(rootsOf(examination)).toEqual(['cert-expired'])
	})

	it('crashes nowhere over half of a certificate', () => {
		const { report } = judgeFiles(
			running({
				[`files${server}/client-ca.crt`]: '-----BEGIN CERTIFICATE-----\nMIIB',
				[`files${agent}/server-ca.crt`]: '\u0000\uffff',
				'probes/http.json':
					'[{"url":"https://x:6443/cacerts","status":200,"body":"-----BEGIN CERTIFICATE-----","exit":0}]',
				...dateFile(),
			}),
		)
		expect(report.crashed).toEqual([])
	})

	it('has no word for a restart loop that is over', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow(),
			'journal/k3s.log': journalText([
				...fatalStart('Error: preparing server: tls: private key does not match public key'),
				[20, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[21, 'k3s', info('Starting k3s v1.33.4+k3s1 (abcdef12)')],
				[23, 'k3s', info('k3s is up and running')],
				[23, 'systemd', 'Started %u - Lightweight Kubernetes.'],
			]),
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
