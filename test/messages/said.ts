/** Lines as the programs write them: logrus of k3s, zap of etcd, klog and panics as they stand in the catalogue. */

const raw =
	/^(?:[IWEF]\d{4} \d\d:|\{"level"|panic:|goroutine |fatal error:|unexpected fault|go\.etcd\.io|time=")/

/** A quoted Go string; `\n` stands in the catalogue for a line break. */
function quoted(text: string): string {
	return JSON.stringify(text.replaceAll('\\n', '\n'))
}

export function logrus(level: string, text: string): string {
	return `time="2026-11-21T04:00:02Z" level=${level} msg=${quoted(text)}`
}

/** `warning: words`, `plain: words`, a raw line, or words of the usual level. */
export function body(segment: string, level: string): string {
	if (raw.test(segment)) return segment
	const named = /^(?<level>info|warning|error|fatal|plain): (?<text>[\s\S]+)$/.exec(segment)?.groups
	// A fatal line may begin with the word Error or error itself.
	if (!named || (level === 'fatal' && named.level === 'error')) return logrus(level, segment)
	return named.level === 'plain' ? (named.text ?? '') : logrus(named.level ?? level, named.text ?? '')
}

/** The parts of a text of several lines. */
export function segments(text: string): string[] {
	return text.split(' ⏎ ')
}

/** `caller|message|error|field=value;…` as a line of etcd. */
export function zap(level: string, text: string): string {
	const [caller = '', msg = '', error = '', fields = ''] = text.split('|')
	const more = fields
		.split(';')
		.filter(Boolean)
		.map(field => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)])
	return JSON.stringify({
		level,
		ts: '2026-11-21T04:00:02.118Z',
		caller: `${caller}:120`,
		msg,
		...Object.fromEntries(more),
		...(error && { error }),
	})
}
