/** What containerd and the kubelet say when they get no image, read into its kind. */

export type PullProblem =
	/** The pull policy forbids to ask a registry. */
	| 'never'
	/** No valid image name. */
	| 'bad-name'
	/** 429. */
	| 'rate-limited'
	/** 401, 403, or a repository that is hidden from strangers. */
	| 'refused'
	/** The registry answers that there is no such image. */
	| 'not-found'
	/** The image exists, for other platforms. */
	| 'no-platform'
	/** Certificate not trusted, or http and https mixed up. */
	| 'tls'
	/** The registry's name does not resolve. */
	| 'name-unknown'
	/** Refused, timed out, no route, or the registry answers with 5xx. */
	| 'unreachable'
	/** k3s's own mirror on this host has no answer. */
	| 'mirror'

export interface PullError {
	problem: PullProblem
	/** Host (and port) that was asked last, '' where the text does not say. Letters, digits and `.:_-[]` only. */
	host: string
	/** `http` or `https` of the last request. */
	scheme: string
}

const kinds: readonly [RegExp, PullProblem][] = [
	[/is not present with pull policy of Never|ErrImageNeverPull/, 'never'],
	[/couldn't parse image (?:name|reference)|invalid reference format|InvalidImageName/, 'bad-name'],
	[/: 429\b|429 Too Many|toomanyrequests|too many requests|rate limit/i, 'rate-limited'],
	[/no match for platform in manifest|no matching manifest for/, 'no-platform'],
	[
		/x509: |server gave HTTP response to HTTPS client|tls: (?:first record|failed to verify|handshake failure|unknown|bad|unrecognized|protocol version)/,
		'tls',
	],
	[/no such host|\blookup [^\s:]+(?: on \S+)?: |server misbehaving/, 'name-unknown'],
	[
		/: 40[13]\b|40[13] (?:Unauthorized|Forbidden)|pull access denied|insufficient_scope|no basic auth credentials|unauthorized|authentication required|authorization failed|denied: /i,
		'refused',
	],
	[/manifest unknown|name unknown|: 404\b|404 Not Found|: not found\b/i, 'not-found'],
	[
		/connection refused|i\/o timeout|no route to host|network is unreachable|host is down|connection reset|request canceled while waiting|timeout exceeded|Client\.Timeout|context deadline exceeded|TLS handshake timeout|proxyconnect|: EOF\b|unexpected EOF|: 5\d\d\b|5\d\d (?:Internal|Bad Gateway|Service Un|Gateway T)/i,
		'unreachable',
	],
]

// Space, a broken download or a cancelled pull are no word about registry or image.
const otherFaults = /no space left on device|read-only file system|input\/output error|context canceled/

const lastRequest =
	/(?:request to |(?:Head|Get|Post|HEAD|GET) \\*"?)(?<scheme>https?):\/\/(?<host>[\w.:[\]-]{1,255})/g
const oldWords = /pulling from host (?<host>[\w.:[\]-]{1,255}) failed/
const ownMirror = /^(?:127\.0\.0\.1|localhost|\[::1\]):\d+$/

/** Who was asked last; with mirrors containerd tells the error of the last endpoint that it tried. */
function askedHost(text: string): { host: string; scheme: string } {
	let host = ''
	let scheme = ''
	for (const match of text.matchAll(lastRequest)) {
		host = match.groups?.host ?? host
		scheme = match.groups?.scheme ?? scheme
	}
	return { host: host || (oldWords.exec(text)?.groups?.host ?? ''), scheme }
}

/** `undefined` where the text tells no fault of image or registry. */
export function readPullError(text: string): PullError | undefined {
	if (otherFaults.test(text)) return undefined
	const problem = kinds.find(([pattern]) => pattern.test(text))?.[1]
	if (!problem) return undefined
	const asked = askedHost(text)
	const throughMirror = ownMirror.test(asked.host) && /[?&]ns=/.test(text)
	const silent = problem === 'unreachable' || problem === 'not-found' || problem === 'tls'
	return { problem: throughMirror && silent ? 'mirror' : problem, ...asked }
}

const named = [
	/[Ff]ail(?:ed|ing) (?:to )?(?:pull and unpack|pull|pulling|get sandbox) image \\*"(?<image>[^"\\\s]{1,512})/,
	/PullImage \\*"(?<image>[^"\\\s]{1,512})/,
	/ image="(?<image>[^"\s]{1,512})"/,
	/[Bb]ack-off pulling image \\*"(?<image>[^"\\\s]{1,512})/,
	/Container image \\*"(?<image>[^"\\\s]{1,512})/,
	/Failed to (?:pull|apply default image tag) (?:image )?\\*"(?<image>[^"\\\s]{1,512})/,
]

/** The image that a line about a failed pull names. */
export function imageIn(text: string): string | undefined {
	for (const pattern of named) {
		const image = pattern.exec(text)?.groups?.image
		if (image) return image
	}
	return undefined
}
