/** How a checklist is called and judged in words, the same in every format. */
import type { ChecklistReport, CheckStatus } from '../../model/checklist.js'

export const statusWord: Record<CheckStatus, string> = {
	fail: 'FAIL',
	warn: 'WARN',
	'not-examined': '?',
	pass: 'ok',
}

const verdicts: Record<ChecklistReport['checklist'], Record<CheckStatus, string>> = {
	preflight: {
		pass: 'FIT',
		warn: 'FIT, WITH WARNINGS',
		fail: 'NOT FIT',
		'not-examined': 'NOT EXAMINED',
	},
	verify: {
		pass: 'AS IT SHOULD BE',
		warn: 'WORKS, WITH WARNINGS',
		fail: 'NOT AS IT SHOULD BE',
		'not-examined': 'NOT EXAMINED',
	},
}

export function verdictWords({ checklist, verdict }: ChecklistReport): string {
	return verdicts[checklist][verdict]
}

/** `2 of 24 checks failed, 3 warn, 4 could not look` */
export function counted({ checks }: ChecklistReport): string {
	const count = (status: CheckStatus) => checks.filter(check => check.status === status).length
	const parts = [
		`${count('pass')} of ${checks.length} checks passed`,
		count('fail') > 0 && `${count('fail')} failed`,
		count('warn') > 0 && `${count('warn')} warn`,
		count('not-examined') > 0 && `${count('not-examined')} could not look`,
	]
	return parts.filter(part => part !== false).join(', ')
}

export function headline({ checklist, node }: ChecklistReport): string {
	const kind = node.role === 'unknown' ? 'node' : node.role
	const facts = [node.os, node.arch, node.k3sVersion && `k3s ${node.k3sVersion}`].filter(Boolean).join(', ')
	const about =
		checklist === 'preflight'
			? `before k3s is installed as ${kind} on`
			: `after k3s was installed as ${kind} on`
	return `Checks ${about} ${node.hostname}${facts ? ` (${facts})` : ''}`
}
