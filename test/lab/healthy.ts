/** What a scratch node gets from the recording of a healthy one. */
import { X509Certificate } from 'node:crypto'
import type { Bundle } from '../../src/model/bundle.js'

/** The recorded nodes had other addresses. */
export const here = (text: string) => text.replaceAll('10.99.0.', '10.98.0.')

const kept =
	/^files\/(etc\/rancher|etc\/systemd\/system\/k3s|var\/lib\/rancher\/k3s\/agent\/etc|var\/lib\/rancher\/k3s\/server\/manifests)/

export function healthyFiles(bundle: Bundle): { path: string; text: string; mode: number }[] {
	const files: { path: string; text: string; mode: number }[] = []
	const modes = new Map<string, { mode: number; size: number }>()
	for (const line of (bundle.files.get('commands/files.tsv') ?? '').split('\n')) {
		const [type, mode = '', , , size = '0', , path = ''] = line.split('\t')
		if (type === 'f') modes.set(path, { mode: Number.parseInt(mode, 8), size: Number(size) })
	}
	// Of files that a bundle does not hold (keys, the token, the database) only that they are there.
	for (const [path, { mode, size }] of modes) {
		if (!/^\/(etc\/rancher|var\/lib\/rancher\/k3s\/(server|agent))\//.test(path)) continue
		if (/\.(crt|key)$/.test(path) || /\/(io\.containerd|data|cred)\b/.test(path)) continue
		files.push({ path, mode, text: fillerOf(path, size) })
	}
	for (const [file, text] of bundle.files) {
		if (!kept.test(file)) continue
		const path = file.slice('files'.length)
		files.push({ path, text: here(text), mode: modes.get(path)?.mode ?? 0o644 })
	}
	for (const [file, text] of bundle.files) {
		if (file.startsWith('api/')) files.push({ path: `/var/lib/lab/${file}`, text: here(text), mode: 0o644 })
		if (file.startsWith('crictl/'))
			files.push({ path: `/opt/lab/${file.endsWith('.txt') ? file : file}`, text: here(text), mode: 0o644 })
	}
	const tls = '/var/lib/rancher/k3s/server/tls'
	const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: default
  cluster: {server: "https://127.0.0.1:6443", certificate-authority: ${tls}/server-ca.crt}
users:
- name: default
  user: {client-certificate: ${tls}/client-admin.crt, client-key: ${tls}/client-admin.key}
contexts:
- name: default
  context: {cluster: default, user: default}
current-context: default
`
	for (const path of ['/etc/rancher/k3s/k3s.yaml', '/var/lib/rancher/k3s/server/cred/admin.kubeconfig'])
		files.push({ path, text: kubeconfig, mode: 0o640 })
	for (const name of ['k3s-version', 'k3s-check-config'])
		files.push({
			path: `/opt/lab/${name}.txt`,
			text: bundle.files.get(`commands/${name}.txt`) ?? '',
			mode: 0o644,
		})
	files.push({ path: '/etc/rancher/node/password', text: 'x'.repeat(32), mode: 0o600 })
	return files
}

function fillerOf(path: string, size: number): string {
	// A database has whole pages.
	if (/state\.db$/.test(path)) return `SQLite format 3${'\0'.repeat(4096 * 4 - 15)}`
	return 'x'.repeat(Math.min(size, 200))
}

/** The certificates of the recording, to be issued anew with keys that we have. */
export function certificates(
	bundle: Bundle,
): { path: string; subject: string; ca?: true; by?: string; sans?: string }[] {
	const found: { path: string; certificate: X509Certificate }[] = []
	for (const [file, text] of bundle.files) {
		if (!file.endsWith('.crt')) continue
		found.push({ path: file.slice('files'.length), certificate: new X509Certificate(text) })
	}
	const server = (path: string) => path.includes('/server/tls/')
	const cas = found.filter(
		({ path, certificate }) => certificate.ca && server(path) && !path.includes('nochain'),
	)
	const made = [...cas, ...found.filter(({ certificate }) => !certificate.ca)].map(
		({ path, certificate }) => {
			const issuer = cas.find(ca => ca.certificate.subject === certificate.issuer)
			const subject = `/${certificate.subject.split('\n').join('/')}`
			const sans = certificate.subjectAltName
				?.split(', ')
				.map(san => here(san).replace('IP Address:', 'IP:'))
				.join(',')
			return {
				path,
				subject,
				...(certificate.ca && { ca: true as const }),
				...(issuer && !certificate.ca && { by: issuer.path }),
				...(sans !== undefined && { sans }),
			}
		},
	)
	return made
}

/** What k3s says from its newest start on: until it reports that it is up, and after that. */
export function readyLines(bundle: Bundle, file: string): [string[], string[]] {
	const lines = lastStart(bundle, file)
	const up = lines.findIndex(line => /k3s (agent )?is (up and )?running/.test(line))
	return [lines.slice(0, up), lines.slice(up)]
}

const failure =
	/ systemd\[1\]: k3s\S* (?:Main process exited|Failed with result)| k3s\S*: .*(?:level=fatal|Shutdown request received)/

/** The messages of the newest start of a recording; with `failed`, of the newest one that failed. */
export function lastStart(bundle: Bundle, file = 'journal/k3s.log', failed = false): string[] {
	const starts: { messages: string[]; failed: boolean }[] = [{ messages: [], failed: false }]
	for (const line of (bundle.files.get(file) ?? '').split('\n')) {
		if (/ systemd\[1\]: Starting k3s/.test(line)) starts.push({ messages: [], failed: false })
		const start = starts.at(-1)
		if (start && failure.test(line)) start.failed = true
		const message = /^\S+ \S+ k3s(?:-agent)?\[\d+\]: (.*)$/.exec(line)?.[1]
		if (message !== undefined) start?.messages.push(here(message))
	}
	return starts.findLast(start => start.messages.length > 0 && (!failed || start.failed))?.messages ?? []
}
