/** Names of people's accounts: which a bundle tells, and where a word stands as one. */
import type { Bundle } from '../../model/bundle.js'

const account = '([A-Za-z_][\\w.-]{0,31})'

/** The doctor's own log: whose yes it was. */
const ownLog = /\/(?:k3s-)?doctor\/audit\.jsonl$/
const saidYes = /"who":\{"user":"([^"\\]{1,200})"/g
const passwd = /^([A-Za-z_][\w.-]{0,31}):[^:\n]{0,10}:(\d{1,10}):/gm

/** Where nothing but an account stands, in logs and listings of any program. */
const mentions: readonly RegExp[] = [
	new RegExp(`/home/${account}(?=[/\\s"':]|$)`, 'gm'),
	new RegExp(`\\bsudo(?:\\[\\d+\\])?: {1,10}${account} : `, 'g'),
	new RegExp(`\\bAccepted \\S{1,30} for ${account} from `, 'g'),
	new RegExp(`\\bsession (?:opened|closed) for user ${account}(?=[\\s(]|$)`, 'gm'),
	new RegExp(`\\bSUDO_USER=${account}(?=\\s|$)`, 'gm'),
]

/** Accounts of people have such numbers; `nobody` has the last one. */
const isPerson = (uid: number) => uid >= 1000 && uid < 65_000

/** As they were written: `ann`, `ann@corp.example`, `CORP\ann`. */
export function* usersOf({ files }: Bundle): Generator<string> {
	for (const [file, text] of files) {
		if (ownLog.test(file)) for (const [, user = ''] of text.matchAll(saidYes)) yield user
		if (file === 'files/etc/passwd')
			for (const [, user = '', uid] of text.matchAll(passwd)) if (isPerson(Number(uid))) yield user
		for (const pattern of mentions) for (const [, user = ''] of text.matchAll(pattern)) yield user
	}
}

/** What stands before an account, whatever stands behind it. */
const before =
	/(?:\/home\/|\/(?:mail|crontabs|cron)\/|~|\b[ug]id=\d{1,10}\(|\b(?:user(?:name)?|logname|sudo_user|ruser|acct|owner|login)\\{0,4}["']?(?:[ \t]{0,3}[:=][ \t]{0,3}|[ \t]{1,3})\\{0,4}["']?)$/i
/** Only together: `for ann from 10.0.0.5`, `by ann(uid=0)`, `sudo: ann :`, `ann@host`, a line of ps or passwd. */
const together: readonly [before: RegExp, after: RegExp][] = [
	[/\b(?:for|by) (?:invalid user |user )?$/i, /^(?: from\b| port\b| by\b|\(uid=)/],
	[/\bsudo(?:\[\d{1,10}\])?: {1,10}$/, /^ :/],
	[/(?:^|[\s"'(=,/])$/, /^@[\w.-]/],
	[/(?:^|\n)$/, /^:[^:\n]{0,10}:/],
	[/(?:^|\n)[\w.-]{1,32}:[^:\n]{0,10}:\d{1,10}:(?:[\w.-]{1,32},)*$/, /^(?:[,\s]|$)/],
	[/(?:^|\n)[ \t]{0,10}\d{1,10}[ \t]{1,10}\d{1,10}[ \t]{1,10}$/, /^[ \t]/],
]

/** Whether the word at `at` stands as an account does: many are words of the language, too. */
export function standsAsUser(text: string, at: number, length: number): boolean {
	const ahead = text.slice(Math.max(0, at - 120), at)
	if (before.test(ahead)) return true
	const behind = text.slice(at + length, at + length + 12)
	return together.some(([one, other]) => other.test(behind) && one.test(ahead))
}
