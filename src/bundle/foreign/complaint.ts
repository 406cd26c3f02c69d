/** Collectors write standard error into the same file: what ought to be a table may be an error. */

const complaints = [
	/^The connection to the server .* was refused/,
	/^Error from server/,
	/^Unable to connect to the server/,
	/^error: /i,
	/^E\d{4} \d\d:\d\d:\d\d/,
	/^\S{0,200}: line \d+: .*: (?:command not found|No such file)/,
	/^(?:ba|da)?sh: .*(?:not found|No such file|Permission denied)/,
	/^\S+: command not found/,
	/^time="[^"]*" level=(?:fatal|error)/,
	/^FATA\[/,
	/^(?:ls|cat|cp): cannot /,
	/^Cannot open netlink socket/,
	/^(?:timeout: |Terminated$|Killed$)/,
	/^command timed out/,
	/^System has not been booted with systemd/,
	/^Failed to /,
]

/** Warnings that stand before an answer and do not spoil it. */
export function isWarning(line: string): boolean {
	return (
		/^(?:Warning: |W\d{4} |I\d{4} |WARN\[|time="[^"]*" level=warning|RTNETLINK answers|# Warning)/.test(
			line,
		) || line.trim() === ''
	)
}

/** The line that says why there is no answer; `undefined` when the first word that counts is no complaint. */
export function complaintIn(text: string): string | undefined {
	for (const line of text.slice(0, 16_384).split('\n')) {
		if (complaints.some(pattern => pattern.test(line))) return line.slice(0, 1000)
		if (!isWarning(line)) return undefined
	}
	return undefined
}
