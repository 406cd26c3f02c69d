import {
	fact,
	interruptsOfRestart,
	log,
	pathArgument,
	proof,
	restartSteps,
	rule,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { brokenCertificates, emptyPairs, isOwnPair, isShared, toRemove } from './pair.js'

const says = (what: string) => (groups: Record<string, string>) =>
	groups.file ? `${what}: ${groups.file}` : what

export default rule({
	cause: 'cert-key-mismatch',
	title: 'A key or certificate file of k3s is damaged, or does not fit its counterpart',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'k3s keeps each certificate and its private key in two files. One of them is empty, damaged, missing, or belongs to another pair, so k3s cannot use them. It happens when the disk was full or the power failed while they were written, or when files were copied by hand.',
	docs: ['https://docs.k3s.io/cli/certificate'],
	signs: [
		fact(['files'], (_have, more) =>
			emptyPairs(more).map(({ path, quote, modifiedAt }) =>
				(more.service?.state === 'running' ? strong : proof)('files', `${path} is empty (0 bytes)`, {
					quote,
					at: modifiedAt,
				}),
			),
		),
		fact(['certificates'], (_have, more) =>
			brokenCertificates(more)
				.filter(({ size }) => size > 0 || !more.files)
				.map(({ path, problem }) =>
					(more.service?.state === 'running' ? strong : proof)('certificates', `${path}: ${problem}`, {
						quote: { file: `files${path}`, text: problem },
					}),
				),
		),
		log(/error loading key from (?<file>[^\s:]+)/, says('k3s cannot load a key')),
		log(/error reading private key file (?<file>[^\s:]+)/, says('k3s cannot read a key')),
		log(
			/data does not contain a valid RSA or ECDSA private key|failed to parse private key|failed to find any PEM data in key input/,
			'a key file holds no key',
		),
		log(
			/data does not contain any valid RSA or ECDSA certificates|pem does not include a valid x509 cert|failed to find any PEM data in certificate input|unable to load (?:root )?(?:client CA|certificat)[^:]*:.*PEM/,
			'a certificate file holds no certificate',
		),
		log(
			/certificate and key must be supplied as a pair|can be read, but key .* cannot/,
			'one file of a pair is missing',
		),
		log(/tls: private key does not match public key/, 'a key does not belong to the certificate beside it'),
		log(
			/(?:server dependencies|client-ca|server-ca|\/tls\/|\.crt|\.key)[^\n]{0,300}(?:x509: (?:malformed|invalid)|asn1: (?:structure|syntax) error|no PEM)/,
			'a key or certificate file cannot be parsed',
		),
		log(/failed to parse certificate PEM data/, 'a certificate file cannot be parsed'),
	],
	leadsTo: ['token-bootstrap-mismatch', 'api-unreachable', 'node-not-ready', 'ca-mismatch'],
	remedies: (evidence, findings) => {
		const { node } = evidence
		const told = findings.flatMap(({ says: words }) => /(\/[^\s:]+\.(?:crt|key))/.exec(words)?.[1] ?? [])
		const guilty = [
			...new Set([
				...emptyPairs(evidence).map(({ path }) => path),
				...brokenCertificates(evidence).map(({ path }) => path),
				...told.filter(path => isOwnPair(path, node.dataDir)),
			]),
		].filter(path => pathArgument(path))
		const remove = [...new Set(guilty.flatMap(path => toRemove(path, evidence)))]
		if (remove.length === 0)
			return [
				{
					title: 'Move the damaged pair aside and restart k3s',
					why: 'k3s makes a certificate and its key anew when they are not there; an authority it takes from the datastore.',
					risk: 'restart',
					interrupts: interruptsOfRestart(node),
					steps: [
						{
							tell: 'The journal names the file. Move it (of a certificate that is no authority: the .crt and the .key) out of its directory, then restart k3s.',
							commands: [
								`find ${node.dataDir}/server/tls ${node.dataDir}/agent -maxdepth 2 -name '*.key' -size 0 -o -maxdepth 2 -name '*.crt' -size 0`,
								`systemctl restart ${node.unit}`,
							],
						},
					],
					recheck: ['files', 'certificates', 'journal'],
				},
			]
		const authority = guilty.some(isShared)
		return [
			{
				title: `Take ${remove.length === 1 ? remove[0] : `${remove.length} files`} away and restart k3s`,
				why: authority
					? 'k3s takes an authority that is missing on disk from its datastore, where the right copy lies.'
					: 'k3s makes a certificate and its key anew, or fetches them from the server, when they are not there.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					serviceStep(node, 'stop'),
					{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
					...remove.map(path => ({ remove: path })),
					...restartSteps(node),
				],
				recheck: ['files', 'certificates', 'journal', 'units'],
			},
		]
	},
})
