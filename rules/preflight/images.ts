import { check, configValue, type Evidence, fail, pass, shownPath, unseen, warn } from '../../src/check.js'
import { archives, imageFolder } from '../images/archives.js'

/** What k3s's releases call an architecture in the names of their archives. */
const names: ReadonlyMap<string, string> = new Map([
	['x86_64', 'amd64'],
	['aarch64', 'arm64'],
	['arm64', 'arm64'],
	['armv7l', 'arm'],
	['s390x', 's390x'],
])

/** An archive of k3s's images is larger than that. */
const least = 50_000_000

function otherArchitecture({ kernel }: Evidence, file: string): string | undefined {
	const own = names.get(kernel?.arch ?? '')
	const named = /airgap-images-(amd64|arm64|arm|s390x)\b/.exec(file)?.[1]
	return own !== undefined && named !== undefined && named !== own ? named : undefined
}

function mirrored({ registries, config }: Evidence): string[] {
	const own = configValue(config, 'system-default-registry')
	return [...(own ? [own] : []), ...(registries?.mirrors ?? []).flatMap(({ endpoints }) => endpoints)]
}

export default check({
	id: 'images',
	list: 'preflight',
	title: 'The images of k3s come from somewhere',
	explain:
		'k3s needs about ten images. They come from Docker Hub, from a registry of your own (registries.yaml, system-default-registry), or, without a network, from an archive in the folder agent/images, which must be of the same release and architecture as the program.',
	docs: ['https://docs.k3s.io/installation/airgap', 'https://docs.k3s.io/installation/private-registry'],
	needs: ['files'],
	look: ({ files }, { more }) => {
		const folder = imageFolder(more)
		const found = archives(files, folder)
		const hub = more.preflight?.egress[0]
		const own = mirrored(more)
		if (found && found.length > 0) return archiveResults(more, found)
		const archive = {
			tell: `Without a way out, put the archive of the same release there (k3s-airgap-images-${names.get(more.kernel?.arch ?? '') ?? 'ARCH'}.tar.zst):`,
			commands: [`mkdir -p ${shownPath(folder, 'DATA-DIR/agent/images')}`],
		}
		if (own.length > 0) return mirrorResults(more, own)
		if (hub === undefined)
			return unseen('there is no image archive here, and nobody has tried the way to Docker Hub', [
				'curl -sI https://registry-1.docker.io/v2/',
			])
		const { port, http } = hub
		// 401: it asks who is there, as it does of everybody.
		if (http && (http.status === 401 || http.status === 200))
			return pass(`${port.host} answers`, { source: 'preflight', quote: http.quote })
		const proxy = [...(more.config?.environment.keys() ?? [])].find(name =>
			/^(?:HTTPS?|ALL)_PROXY$/i.test(name),
		)
		if (proxy)
			return unseen(`${port.host} cannot be reached directly (${port.result}), and ${proxy} is set for k3s`, [
				`curl -sI --proxy "$${proxy}" https://${port.host}/v2/`,
			])
		return fail(
			port.result === 'open'
				? `something on the way to ${port.host} does not let HTTPS through`
				: `there is no image archive here, and ${port.host} ${port.result === 'unresolved' ? 'does not resolve' : `cannot be reached (${port.result})`}`,
			{
				source: 'preflight',
				quote: port.quote,
				do: [archive, { tell: 'With a way out:', commands: [`curl -vI https://${port.host}/v2/`] }],
			},
		)
	},
})

function archiveResults(evidence: Evidence, found: readonly { path: string; size: number }[]) {
	const { k3s, kernel } = evidence
	const version = k3s?.version
	return found.flatMap(({ path, size }) => {
		const name = path.slice(path.lastIndexOf('/') + 1)
		const other = otherArchitecture(evidence, name)
		const seen = { source: 'files' as const, quote: { file: 'commands/files.tsv', text: path } }
		if (other) return [fail(`${name} is for ${other}, this host is ${kernel?.arch}`, seen)]
		if (/k3s-airgap-images/.test(name) && size < least)
			return [warn(`${name} is only ${(size / 1_000_000).toFixed(1)} MB: it is cut off`, seen)]
		const told = /v1\.\d{1,3}\.\d{1,3}(?:[+-]k3s\d+)?/.exec(name)?.[0]
		if (told && version && !same(told, version))
			return [fail(`${name} is of ${told}, the program here is ${version}`, seen)]
		const there = pass(`${name} (${Math.round(size / 1_000_000)} MB)`, seen)
		if (told && version) return [there]
		const release = version === undefined ? 'the release' : version
		return [
			there,
			unseen(
				`that ${name} is of ${release} does not stand in its name`,
				[`sha256sum ${/^[\w./+-]+$/.test(path) ? path : 'ARCHIVE'}`],
				"Compare it with the release's sha256sum file:",
			),
		]
	})
}

const same = (one: string, other: string) =>
	one.replace(/[+-]k3s/, '-k3s') === other.replace(/[+-]k3s/, '-k3s')

function mirrorResults({ probes }: Evidence, own: readonly string[]) {
	return own.map(endpoint => {
		const url = URL.parse(/^https?:/.test(endpoint) ? endpoint : `https://${endpoint}`)
		const port = Number(url?.port || (url?.protocol === 'http:' ? 80 : 443))
		const probe = probes?.ports.find(item => item.host === url?.hostname && item.port === port)
		if (!probe) return unseen(`nobody has asked ${endpoint}`, ['curl -skI https://REGISTRY/v2/'])
		const seen = { source: 'probes' as const, quote: probe.quote }
		return probe.result === 'open'
			? pass(`${endpoint} answers`, seen)
			: fail(`${endpoint} cannot be reached (${probe.result})`, {
					...seen,
					do: [{ tell: 'From here:', commands: ['curl -vk https://REGISTRY/v2/'] }],
				})
	})
}
