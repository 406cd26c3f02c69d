/**
 * Of which form the token is, and of which cluster: the beginning of a full token is the hash of the authorities, no
 * secret. The token itself is neither kept nor filed.
 */
import type { PreflightEvidence } from '../model/evidence/index.js'
import { isObject, own, text } from './field.js'
import { linesOf } from './lines.js'
import type { Ask } from './source.js'

type Token = NonNullable<PreflightEvidence['token']>

const forms: ReadonlySet<string> = new Set<Token['form']>(['full', 'short', 'broken', 'empty'])

const given = /^\s{0,40}(?:token\+?\s{0,8}:|K3S_TOKEN=|export K3S_TOKEN=)\s{0,8}(.*)$/
const givenFile = /^\s{0,40}(?:token-file\s{0,8}:|K3S_TOKEN_FILE=)\s{0,8}(.*)$/

const bare = (value: string) => value.trim().replace(/^(["'])(.*)\1$/, '$2')

export function formOf(token: string): Omit<Token, 'where'> {
	if (token === '') return { form: 'empty' }
	const hash = /^K10([0-9a-f]{64})::\S/i.exec(token)?.[1]
	if (hash !== undefined) return { form: 'full', caHash: hash.toLowerCase() }
	return { form: token.startsWith('K10') ? 'broken' : 'short' }
}

/** The last one wins, as with k3s: the environment over the files. */
export async function askToken(ask: Ask): Promise<Token | undefined> {
	const { host, node } = ask
	const dropIns = '/etc/rancher/k3s/config.yaml.d'
	const names = (await ask.names(dropIns)).filter(name => /\.ya?ml$/.test(name)).slice(0, 20)
	const paths = [
		'/etc/rancher/k3s/config.yaml',
		...names.toSorted().map(name => `${dropIns}/${name}`),
		`/etc/systemd/system/${node.unit}.env`,
	]
	let found: Token | undefined
	for (const path of paths) {
		const answer = await host.read(path)
		if (!answer.ok) continue
		for (const line of linesOf(answer.value.text)) {
			const token = given.exec(line.text)?.[1]
			const file = givenFile.exec(line.text)?.[1]
			if (token !== undefined) found = { ...formOf(bare(token)), where: path }
			if (file !== undefined) found = (await fromFile(ask, bare(file))) ?? found
		}
	}
	return found
}

async function fromFile({ host }: Ask, path: string): Promise<Token | undefined> {
	if (!path.startsWith('/')) return undefined
	const answer = await host.read(path, { maxBytes: 4096 })
	return answer.ok ? { ...formOf(answer.value.text.trim()), where: path } : undefined
}

export function readToken(told: unknown): Token | undefined {
	if (!isObject(told)) return undefined
	const form = text(own(told, 'form'))
	const where = text(own(told, 'where'))
	const hash = text(own(told, 'authorities'))
	if (!isForm(form)) return undefined
	return { form, where, ...(/^[0-9a-f]{64}$/.test(hash) && { caHash: hash }) }
}

function isForm(word: string): word is Token['form'] {
	return forms.has(word)
}
