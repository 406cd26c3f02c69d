/** Command lines of programs whose flags do not say that they carry a secret, and files of theirs. */
import type { Hide } from './hide.js'
import { isHarmless } from './names.js'
import { presenceIn } from './presence.js'

const word = `("[^"\\n]{1,500}"|'[^'\\n]{1,500}'|[^\\s"'\\\\<]{1,500})`
/** Between a program and its flag: other words of the same command. */
const between = '[^\\n|;&]{0,500}?[\\s"\',]'
const gap = '["\']?,?[ \\t=]{1,4}["\']?'

/** What comes before, then the secret. */
const commands: readonly [program: string, pattern: RegExp][] = [
	// `-u user:password`: only what stands behind the colon.
	[
		'curl',
		new RegExp(`(\\bcurl\\b${between}(?:-u|--user|-U|--proxy-user)${gap}[^\\s:"']{0,100}:)${word}`, 'g'),
	],
	['wget', new RegExp(`(\\bwget\\b${between}--(?:http-|ftp-|proxy-)?password${gap})${word}`, 'g')],
	['sshpass', new RegExp(`(\\bsshpass["']?,?[ \\t]{1,4}["']?-p[ \\t]{0,2})${word}`, 'g')],
	[
		'mysql',
		/(\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mycli)\b[^\n|;&]{0,500}?[\s"',]-p)([^\s"'\\<]{1,500})/g,
	],
	['redis', new RegExp(`(\\bredis-cli\\b${between}(?:-a|--pass)${gap})${word}`, 'g')],
	['pass:', /(\s-?-?pass(?:in|out|word|wd)?["']?[ \t=]{1,4}["']?pass:)([^\s"'\\<]{1,500})/g],
	[
		'docker',
		new RegExp(
			`(\\b(?:docker|podman|nerdctl|crane|skopeo|helm)\\b[^\\n|;&]{0,60}\\blogin\\b${between}(?:-p|--password)${gap})${word}`,
			'g',
		),
	],
	['creds', new RegExp(`(\\s--(?:src-|dest-)?creds${gap}[^\\s:"']{0,100}:)${word}`, 'g')],
	[
		'htpasswd',
		new RegExp(
			`(\\bhtpasswd\\b[ \\t]{1,4}-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}[ \\t]{1,4}\\S{1,200}[ \\t]{1,4}\\S{1,100}[ \\t]{1,4})${word}`,
			'g',
		),
	],
	[
		'chpasswd',
		/(\becho[ \t]{1,4}["']?[\w.-]{1,64}:)([^\s"'|<]{1,200})(?=["']?[ \t]{0,4}\|[^\n]{0,40}\bchpasswd\b)/g,
	],
	['etcdctl', /(\betcdctl\b[^\n|;&]{0,300}?\s--user[ =]["']?[^\s:"']{1,64}:)([^\s"'<]{1,300})/g],
	['openssl', /(\bopenssl[ \t]{1,4}enc\b[^\n|;&]{0,300}?\s-[kK][ \t]{1,4})([^\s"'<]{1,300})/g],
	[
		'mongo',
		new RegExp(`(\\bmongo(?:sh|dump|restore|export|import|stat|top)?\\b${between}-p${gap})${word}`, 'g'),
	],
	['az', new RegExp(`(\\baz[ \\t]{1,4}login\\b${between}-p${gap})${word}`, 'g')],
	['ipmi', new RegExp(`(\\bipmi(?:tool|power|console|-\\w{1,20})\\b${between}-[Pp]${gap})${word}`, 'g')],
	['zip', new RegExp(`(\\b(?:un)?zip\\b${between}-P${gap})${word}`, 'g')],
	['7z', /(\b7z[ar]?\b[^\n|;&]{0,300}?\s-p)([^\s"'\\<]{1,300})/g],
	['snmp', new RegExp(`(\\bsnmp\\w{1,12}\\b${between}-A${gap})${word}`, 'g')],
	['snmp', new RegExp(`(\\bsnmp\\w{1,12}\\b${between}-X${gap})${word}`, 'g')],
	['-encrypt', new RegExp(`(\\b(?:consul|nomad|serf)\\b${between}-encrypt${gap})${word}`, 'g')],
	[
		'rabbitmqctl',
		new RegExp(
			`(\\brabbitmqctl\\b[^\\n|;&]{0,200}?\\b(?:add_user|change_password|authenticate_user)[ \\t]{1,4}\\S{1,100}[ \\t]{1,4})${word}`,
			'g',
		),
	],
	['ldap', new RegExp(`(\\bldap(?:search|modify|add|whoami)\\b${between}-w${gap})${word}`, 'g')],
	['smb', /(\bsmbclient\b[^\n|;&]{0,300}?\s-U[ \t]{0,2}["']?[^\s%"']{1,100}%)([^\s"'<]{1,300})/g],
	['login', /(\blogin[ \t]{1,20}\S{1,200}\s{1,20}password[ \t]{1,20})(?![=:-]+\s)([^\s<]{1,500})/g],
]

/** `mayHold`: whether a word can stand in `text`. */
export function maskPrograms(text: string, hide: Hide, mayHold = presenceIn(text)): string {
	let masked = text
	for (const [program, pattern] of commands) {
		if (!mayHold(program)) continue
		masked = masked.replace(pattern, (whole, before: string, told: string) => {
			const quote = /^["']/.exec(told)?.[0] ?? ''
			const secret = quote === '' ? told : told.slice(1, -1)
			return isHarmless(secret) || /^(?:is|was|has|not|and|or|to|for|the|a|an)$/.test(secret)
				? whole
				: `${before}${quote}${hide(secret, 'password')}${quote}`
		})
	}
	return masked
}

/** `.pgpass`: `host:port:database:user:password`; chap-secrets: `client server secret addresses`. */
export function maskPasswordFile(file: string, text: string, hide: Hide): string {
	if (/\/\.?pgpass(?:\.conf)?$/.test(file)) {
		return text.replace(
			/^((?:[^:\n\\]|\\.){0,300}(?::(?:[^:\n\\]|\\.){0,300}){3}:)(.{1,500})$/gm,
			(_, before: string, secret: string) => before + hide(secret, 'password'),
		)
	}
	if (/\/(?:chap|pap)-secrets$/.test(file)) {
		return text.replace(
			/^([^\s#]\S{0,200}[ \t]{1,20}\S{1,200}[ \t]{1,20})(\S{1,500})/gm,
			(_, before: string, secret: string) => before + hide(secret, 'password'),
		)
	}
	return text
}
