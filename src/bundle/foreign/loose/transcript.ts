/** A terminal's text with several commands and their answers in one file: each answer is a file of its own. */

/** Commands whose answers are known; what else a person types is no mark. */
const command =
	'(?:sudo |k3s )*(?:kubectl|k|journalctl|systemctl|crictl|df|free|ip|ss|netstat|ps|mount|findmnt|dmesg|iptables|iptables-save|date|hostname|uname|cat|k3s|helm|lsmod|sysctl)(?: |$)'

/** `$ `, `[root@n1 ~]# `, `user@host:~$ `, `❯ `. A `#` alone begins a comment. */
const prompt = new RegExp(`^(?:\\[?[\\w.-]{1,64}@[\\w.-]{1,64}[^\\n$#%]{0,80}[$#%]|[$❯➜]) ?(?=${command})`)

/** Nobody copies more than this out of a terminal; a log of that length is not taken apart. */
const longest = 8 * 1024 * 1024

/** The answers of a file, under its name and the command; a file that is no such text as it is. */
export function answersIn(file: string, text: string): [name: string, text: string][] {
	if (text.length > longest) return [[file, text]]
	const lines = text.split('\n')
	const starts = lines.flatMap((line, index) => (prompt.test(line) ? [index] : []))
	if (starts.length === 0) return [[file, text]]
	return starts.map((start, index) => {
		const asked = (lines[start] ?? '').replace(prompt, '').trim().slice(0, 80)
		// The same may be asked twice.
		return [`${file} (${index + 1}: ${asked})`, lines.slice(start + 1, starts[index + 1]).join('\n')]
	})
}
