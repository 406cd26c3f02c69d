/** What `kubectl logs` printed of the parts of k3s that run in pods: each speaks in words of its own. */
import { type Draft, placed, type Source } from '../draft.js'

interface Speaker {
	words: RegExp
	/** Name of its container. */
	container: string
	/** Name of its pods, in a list of them. */
	pod: RegExp
	/** The name where nobody listed them. */
	otherwise: string
}

const speakers: readonly Speaker[] = [
	{
		words: /^(?:\S{10,40} )?\[(?:INFO|WARNING|ERROR|FATAL)\] (?:plugin\/\w+: |CoreDNS-\d)|^CoreDNS-\d/m,
		container: 'coredns',
		pod: /^coredns-/,
		otherwise: 'coredns-unnamed',
	},
	{
		words: /^\+{1,3} (?:helm(?:_v3|_update|_repo_init)?|tiller) /m,
		container: 'helm',
		pod: /^helm-(?:install|delete)-/,
		otherwise: 'helm-install-unnamed',
	},
	{
		words: /^\+ (?:trap exit TERM INT|ip6?tables(?:-nft|-legacy)? -t (?:nat|filter) )/m,
		container: 'lb',
		pod: /^svclb-/,
		otherwise: 'svclb-unnamed',
	},
	{
		words: /"system:serviceaccount:kube-system:traefik"|\/(?:containous|traefik)\/traefik\//,
		container: 'traefik',
		pod: /^traefik-/,
		otherwise: 'traefik-unnamed',
	},
	{
		words: /rancher\.io\/local-path_local-path-provisioner|msg="create the helper pod helper-pod-/,
		container: 'local-path-provisioner',
		pod: /^local-path-provisioner-/,
		otherwise: 'local-path-provisioner-unnamed',
	},
	{
		words: /scraper\.go:\d{1,5}\] (?:"Failed to scrape node"|unable to fully scrape)/,
		container: 'metrics-server',
		pod: /^metrics-server-/,
		otherwise: 'metrics-server-unnamed',
	},
]

interface Listed {
	items?: { metadata?: { namespace?: string; name?: string } }[]
}

function podNamed({ files }: Draft, { pod, otherwise }: Speaker): string {
	const list = JSON.parse(files.get('api/pods.json') ?? '{}') as Listed
	const names = (list.items ?? []).filter(({ metadata }) => metadata?.namespace === 'kube-system')
	return names.map(({ metadata }) => metadata?.name ?? '').find(name => pod.test(name)) ?? otherwise
}

/** Files them as the container's log, as of `now`; `false` when it is nobody's that is known. */
export function takePodWords(into: Draft, from: Source, now: number): boolean {
	const speaker = speakers.find(({ words }) => words.test(from.text.slice(0, 64 * 1024)))
	if (!speaker) return false
	const at = `${new Date(now).toISOString().slice(0, 19)}Z`
	const lines = placed(from).map(line => ({ ...line, text: `${at} stdout F ${line.text}` }))
	const folder = `kube-system_${podNamed(into, speaker)}_unnamed`
	into.lines(`files/var/log/pods/${folder}/${speaker.container}/0.log`, lines)
	return true
}
