import { fact, log, proof, rule, strong } from '../../src/rule.js'
import { binaryFile, execFailed, reinstall } from './binary.js'

/** Even the smallest k3s release is far above this; what is smaller was cut off or is an error page. Bytes. */
const smallest = 20_000_000

export default rule({
	cause: 'binary-wrong-arch',
	title: 'The k3s binary does not run on this CPU',
	severity: 'critical',
	explain:
		'The kernel refuses to execute the k3s binary: it was built for another processor (arm64 on amd64, say), was cut off while it was copied, or is not a program at all but a saved error page. k3s therefore says nothing itself; only systemd does.',
	docs: ['https://docs.k3s.io/installation/requirements', 'https://docs.k3s.io/installation/airgap'],
	signs: [
		log(
			/Failed at step EXEC spawning (?<path>\S+): Exec format error/,
			({ path }) => `the kernel says that ${path} is no program for this machine`,
		),
		log(
			/(?:fork\/exec|exec) (?<path>\/\S+\/bin\/\S+?)(?: failed)?: exec format error/,
			({ path }) => `the kernel says that ${path}, which k3s unpacked, is no program for this machine`,
		),
		log(
			/extracting data: (?<why>(?:error extracting zstd-compressed body|tar error)(?![^\n]{0,300}no space left)[^\n]{0,200})/,
			({ why }) => `what is packed into the binary is damaged: ${why}`,
		),
		fact(['journal'], ({ journal }, { units }) => {
			const ended = journal.current.find(
				({ end }) => end?.how === 'killed' && /^(4|11|7)\//.test(end.status ?? ''),
			)
			// Of a log alone nobody knows what was cut off above; an illegal instruction says enough by itself.
			if (!ended || ended.version || (!units?.own && !ended.end?.status?.startsWith('4/'))) return undefined
			return strong('journal', `k3s dies by signal ${ended.end?.status} before its first word`, {
				at: ended.end?.at,
				quote: ended.messages.find(({ text }) => text.includes('Main process exited'))?.lastQuote,
			})
		}),
		fact(['k3s'], ({ k3s }, evidence) => {
			const said = k3s.versionError?.stderr ?? ''
			if (!/Exec format error|cannot execute binary|: 1: .*ELF/i.test(said)) return undefined
			return execFailed(evidence) && strong('k3s', '`k3s --version` does not run either: exec format error')
		}),
		fact(['files'], (_have, evidence) => {
			const file = binaryFile(evidence)
			if (file?.type !== 'file' || file.size >= smallest || !execFailed(evidence)) return undefined
			const size = file.size < 100_000 ? `${file.size} bytes` : `${(file.size / 1e6).toFixed(1)} MB`
			return (
				(file.mode & 0o111) !== 0 &&
				proof('files', `${file.path} has ${size}; a k3s release has more than 50 MB`, { quote: file.quote })
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node, journal, kernel }) => [
		reinstall(
			node,
			journal?.starts.findLast(({ version }) => version !== undefined)?.version,
			`This host is ${kernel?.arch ?? 'of another kind'}; the binary must be the one for it, and whole.`,
		),
	],
})
