/** Secrets in what is shown or logged. Two different ones read differently, so that a change of one is visible. */
import { createHash, randomBytes } from 'node:crypto'

// Bounded, or a line of a million hyphens would be tried from each of them.
const part = '[A-Za-z0-9_.-]{0,64}'
const name = `${part}(?:token|password|passwd|secret|private[_-]?key|access[_-]?key|vpn-auth)${part}`
/** `token: x`, `K3S_TOKEN=x`, `--token x`, `--token=x`, `- "token=x"`; a file's name is no secret. */
const assigned = new RegExp(
	`((?<![A-Za-z0-9])(?!${name}(?:file|reader|path))${name}["']?\\s*[:=]\\s*)(\\S.*)`,
	'i',
)
const joinToken = /\bK10[0-9a-f]{16,}(?:::[A-Za-z0-9._-]+:[^\s"']+)?/g
const credentials = /(:\/\/[^\s/:@]*:)([^\s@]+)(@)/g

/** A line with its secrets replaced by a mark such as `<hidden 3f9a1c>`. */
export function hideSecrets(line: string): string {
	return line
		.replace(joinToken, secret => hidden(secret))
		.replace(
			credentials,
			(_, before: string, secret: string, after: string) => before + hidden(secret) + after,
		)
		.replace(assigned, (_, before: string, value: string) =>
			value.startsWith('<hidden') ? before + value : before + hidden(value.trimEnd()),
		)
}

/** The same for argv: also where the secret is an argument of its own after its flag. */
export function hideInArgv(argv: readonly string[]): string[] {
	return argv.map((word, index) => {
		const flag = argv[index - 1] ?? ''
		const follows = /^--?[a-z-]*(token|password|secret)[a-z-]*$/i.test(flag) && !/(file|path)$/i.test(flag)
		return follows && !word.startsWith('-') ? hidden(word) : hideSecrets(word)
	})
}

/** A file that is a secret as a whole: a key, a token, a password file, credentials. */
export function holdsSecrets(path: string, text: string | undefined): boolean {
	const byName = /\.(key|psk|kubeconfig)$|\/(token|node-token|agent-token|passwd|password|k3s\.yaml)$/
	return byName.test(path) || /-----BEGIN [A-Z ]*PRIVATE KEY-----|client-key-data:/.test(text ?? '')
}

/** What was read with its secrets masked must never be written back or run. */
export function holdsMask(text: string): boolean {
	return /<redacted(?:-[0-9a-f]{4,16})?>|<hidden [0-9a-f]{6}>/.test(text)
}

/** Of this process only: the marks tell two secrets apart, and nothing about them to whoever reads the log. */
const salt = randomBytes(16)

function hidden(secret: string): string {
	return `<hidden ${createHash('sha256').update(salt).update(secret).digest('hex').slice(0, 6)}>`
}
