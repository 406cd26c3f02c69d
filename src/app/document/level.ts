/** How bad a log line is, by the marks that k3s, klog, etcd, containerd and systemd put on theirs. */
export type LineLevel = 'error' | 'warning' | undefined

/** Marks stand near the beginning; a JSON line carries its own further back. */
const reach = 400

const errors =
	/\blevel=(?:fatal|error|panic)\b|"level":"(?:error|fatal|panic|dpanic)"|(?:^|[\s\]])[EF]\d{4} \d\d:\d\d|\bpanic: |\b(?:Failed to|failed with result|Main process exited)\b/i
const warnings = /\blevel=warn(?:ing)?\b|"level":"warn(?:ing)?"|(?:^|[\s\]])W\d{4} \d\d:\d\d|\bWARNING\b/

export function levelOf(line: string): LineLevel {
	const head = line.slice(0, reach)
	if (errors.test(head)) return 'error'
	return warnings.test(head) ? 'warning' : undefined
}
