import {
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	persists,
	restartSteps,
	rule,
	serviceStep,
} from '../../src/rule.js'

const newer = /newer than datastore and could cause (?:a )?cluster outage/

/** The files that k3s names before these words, `/a/b.key, /a/b.crt`. */
function filesIn(text: string | undefined): string[] {
	const end = text?.search(newer) ?? -1
	if (text === undefined || end < 0) return []
	return text
		.slice(Math.max(0, end - 8_000), end)
		.split(',')
		.map(name => name.slice(Math.max(0, name.indexOf('/'))).trim())
		.filter(name => name.startsWith('/'))
}

const short = (path: string) => path.slice(path.lastIndexOf('/') + 1)

export default rule({
	cause: 'token-bootstrap-mismatch',
	title: 'The cluster data in the datastore does not fit the token or the files of this server',
	severity: 'critical',
	appliesTo: ['server'],
	explain:
		'The datastore holds a copy of the authorities and keys of the cluster, encrypted with the server token. This server cannot open that copy because its token is another one, or it finds newer files on its disk that differ from the copy, and stops rather than guess. Nothing is lost by it: the right token, or the copy of the datastore, brings the server back.',
	docs: ['https://docs.k3s.io/cli/token#server', 'https://docs.k3s.io/datastore/backup-restore'],
	signs: [
		log(newer, (_groups, { lastText }) => {
			const files = filesIn(lastText)
			return `newer on disk than in the datastore, and different: ${files.map(short).join(', ')}`
		}),
		log(
			/bootstrap data already found and encrypted with different token/,
			'the data in the datastore was encrypted with another token',
		),
		log(
			/no bootstrap data found in datastore - check server token value/,
			'the datastore holds no data for this token',
		),
		log(
			/(?:bootstrap|decrypt|reconcil)[^\n]{0,300}(?:cipher: message authentication failed|invalid cipher text, not : delimited)/,
			'the data of the datastore cannot be decrypted with this token',
		),
		log(
			/unable to transform key "?(?<key>[^"\s]{1,200})|no matching prefix found|failed to list \*\w+\.Secret: illegal base64 data/,
			({ key }) =>
				`${key ?? 'a secret'} was encrypted with a key that this server does not have (server/cred/encryption-config.json)`,
			{
				if: (evidence, message) => evidence.service?.state !== 'running' || persists(evidence, message),
			},
		),
		log(/cipher: message authentication failed/, 'something cannot be decrypted with this token', {
			weight: 'hint',
		}),
		log(/found multiple bootstrap keys in storage/, 'the datastore holds the data of several tokens', {
			if: ({ service }, { level }) => level === 'fatal' || service?.state !== 'running',
		}),
		log(
			/does not exist, please pass --token to complete the restoration/,
			'a snapshot is restored without the token of the cluster that it comes from',
		),
		fact(['journal', 'files'], ({ journal, files }, { service }) => {
			if (service?.state === 'running') return undefined
			const named = journal.messages.flatMap(({ lastText }) => filesIn(lastText))
			const listed = [...new Set(named)].flatMap(path => files.listed.get(path) ?? [])
			return listed.slice(0, 4).map(({ path, modifiedAt, size, quote }) =>
				hint(
					'files',
					`${short(path)} (${size} bytes) was last written at ${new Date(modifiedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
					{
						quote,
					},
				),
			)
		}),
	],
	leadsTo: ['ca-mismatch', 'api-unreachable', 'node-not-ready'],
	remedies: (evidence, findings) => {
		const { node, journal } = evidence
		const named = [
			...new Set([
				...findings.flatMap(({ quote }) => filesIn(quote?.text)),
				...(journal?.messages ?? []).flatMap(({ lastText }) => filesIn(lastText)),
			]),
		].flatMap(path => (path.startsWith(`${node.dataDir}/server/`) ? (pathArgument(path) ?? []) : []))
		return [
			named.length > 0 && {
				title: `Take ${named.length === 1 ? named[0] : `the ${named.length} named files`} away and let k3s write them anew`,
				why: 'k3s then takes them from the datastore, and the rest of the cluster trusts those. Where the files on disk are the ones that you want, put them in with `k3s certificate rotate-ca` once k3s runs.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: [
					serviceStep(node, 'stop'),
					{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
					...named.map(path => ({ remove: path })),
					...restartSteps(node),
				],
				recheck: ['journal' as const, 'units' as const, 'files' as const, 'certificates' as const],
			},
			{
				title: 'Give this server the token with which the cluster was made',
				why: 'A wrong token destroys nothing; the right one opens the data again. It also stands in the configuration of the other servers and in their server/token.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: 'Look for the old token: on another server, in a backup, or where the first installation was scripted.',
						commands: [
							`cat ${node.dataDir}/server/token`,
							'grep -i token /etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service.env',
						],
					},
					{
						tell: 'Write it to /etc/rancher/k3s/config.yaml (`token:`) or K3S_TOKEN of the service, then:',
						commands: [`systemctl restart ${node.unit}`],
					},
				],
				recheck: ['journal', 'units', 'config'],
			},
			named.length === 0 && {
				title: 'Change the token in an orderly way, once the server runs again',
				why: 'Rotating it re-encrypts the data; changing it in the configuration does not.',
				risk: 'restart',
				interrupts: 'each server once, when it is restarted',
				steps: [
					{
						tell: 'On one running server, then with the new token in the configuration of every node:',
						commands: ['k3s token rotate --token OLD --new-token NEW', 'systemctl restart k3s'],
					},
				],
				recheck: ['journal', 'units'],
			},
		]
	},
})
