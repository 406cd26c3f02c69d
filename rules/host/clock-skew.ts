import { type Evidence, fact, hint, log, proof, restartSteps, rule, strong } from '../../src/rule.js'
import { day, goDuration, inTime } from './spans.js'
import { isRunning } from './state.js'

const minutes = 60_000
const hours = 60 * minutes
/** Clocks of a cluster may differ by less than this without harm. Milliseconds. */
const tolerated = 5 * minutes
/** No release of k3s is older. */
const firstRelease = Date.UTC(2019, 1, 26)

/**
 * How far the clock was set forward since k3s became active: nobody can have been active before the boot. 0 where
 * that cannot be told.
 */
function stepForward({ clock, kernel, units }: Evidence): number {
	const activeAt = units?.own?.activeAt
	if (!clock || activeAt === undefined || kernel?.uptimeSeconds === undefined) return 0
	return Math.max(0, clock.now - kernel.uptimeSeconds * 1000 - activeAt)
}

/** Objects that the API says were made later than this host believes it is now. */
function fromTheFuture({ cluster, clock }: Evidence): { what: string; at: number } | undefined {
	const now = clock?.now ?? 0
	const made = [...(cluster?.pods ?? []), ...(cluster?.nodes ?? [])]
		.filter(({ createdAt }) => createdAt > now + tolerated)
		.map(({ name, createdAt }) => ({ what: `${name} was created`, at: createdAt }))
	const told = (cluster?.events ?? [])
		.filter(({ lastAt }) => lastAt > now + tolerated)
		.map(({ name, reason, lastAt }) => ({ what: `the event ${reason} of ${name} happened`, at: lastAt }))
	return [...made, ...told][0]
}

/** As etcd tells it in a field, or within its words: `[14.2s > 1s]`. */
const driftOf = (line: string) =>
	/"clock-drift":"([^"]{1,40})"|too high \[([\d.a-zµ]{1,40}) > /.exec(line)?.slice(1).find(Boolean)

export default rule({
	cause: 'clock-skew',
	title: 'The clock of this host is wrong',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		"Certificates, tokens and leases are valid for a span of time, by the clock of whoever checks them. This host's clock differs from that of the others, or lies before the day on which its certificates were made. A board without a battery-backed clock, a virtual machine that was resumed, or a missing time service are the usual reasons.",
	docs: [
		'https://docs.k3s.io/installation/requirements',
		'https://etcd.io/docs/v3.5/op-guide/hardware/',
		'https://www.freedesktop.org/software/systemd/man/latest/systemd-timesyncd.service.html',
	],
	signs: [
		log(/server time isn't set properly/i, 'k3s itself refuses to start with such a clock'),
		fact(['clock'], ({ clock }) =>
			clock.now > 0 && clock.now < firstRelease
				? proof('clock', `this host believes that it is ${day(clock.now)} UTC, before there was any k3s`, {
						quote: { file: 'commands/date.txt', text: day(clock.now) },
					})
				: undefined,
		),
		fact(['certificates', 'clock'], ({ certificates, clock }) => {
			const early = certificates.certificates.filter(
				({ notBefore, notAfter }) => notBefore > clock.now + tolerated && notAfter > notBefore,
			)
			const [first] = [...early].sort((a, b) => b.notBefore - a.notBefore)
			if (!first) return undefined
			const others = early.length > 1 ? `, and ${early.length - 1} more` : ''
			return proof(
				'certificates',
				`${first.path} is valid only from ${day(first.notBefore)} UTC${others}, but here it is ${day(clock.now)}: the clock is at least ${inTime(first.notBefore - clock.now)} behind`,
				{
					quote: {
						file: first.path.startsWith('/') ? `files${first.path}` : 'probes/tls.json',
						text: `notBefore ${day(first.notBefore)}`,
					},
				},
			)
		}),
		fact(['clock'], ({ clock }) => {
			const offset = (clock.offsetSeconds ?? 0) * 1000
			if (Math.abs(offset) < 1000) return undefined
			const says = `chrony measures that the clock is ${inTime(offset)} ${offset > 0 ? 'ahead' : 'behind'}`
			const cite = {
				quote: { file: 'commands/chronyc-tracking.txt', text: `System time ${offset / 1000} s` },
			}
			return (Math.abs(offset) >= tolerated ? proof : Math.abs(offset) >= 10_000 ? strong : hint)(
				'clock',
				says,
				cite,
			)
		}),
		log(
			/x509: certificate has expired or is not yet valid: current time (?<now>\S+) is before (?<from>[^\s"]+)/,
			({ now, from }) =>
				`a certificate is valid from ${from} on, and the clock that was asked says ${now?.replace(/[",]+$/, '')}`,
		),
		log(
			/prober found high clock drift|the clock difference against peer/,
			(_groups, { lastQuote }) =>
				`etcd measures another time at a peer: ${driftOf(lastQuote.text) ?? 'more than a second'}`,
			{
				if: (_evidence, { lastQuote, count }) => {
					const drift = goDuration(driftOf(lastQuote.text) ?? '2s')
					return drift > (count > 1 ? 1000 : 5000)
				},
			},
		),
		fact(['cluster', 'clock'], ({ clock }, evidence) => {
			const found = fromTheFuture(evidence)
			return (
				found &&
				strong(
					'cluster',
					`the API says that ${found.what} at ${day(found.at)} UTC, but here it is ${day(clock.now)}`,
				)
			)
		}),
		fact(['kernel', 'units', 'clock'], ({ kernel, units }, evidence) => {
			const step = stepForward(evidence)
			return (
				step > hours &&
				hint(
					'clock',
					`the clock was set forward by ${inTime(step)} or more while k3s ran: it has run since ${day(units.own?.activeAt ?? 0)} UTC, but the host was booted only ${inTime((kernel.uptimeSeconds ?? 0) * 1000)} ago`,
					{ quote: { file: 'files/proc/uptime', line: 1, text: String(kernel.uptimeSeconds) } },
				)
			)
		}),
		fact(['journal', 'clock'], ({ journal, clock }, evidence) => {
			// A board without a clock steps right after its boot; here k3s has not said a word since.
			const silent = clock.now - journal.lastAt
			const step = stepForward(evidence)
			return (
				step > 24 * hours &&
				silent > step * 0.9 &&
				hint('journal', `k3s runs, and its last line is ${inTime(silent)} old by this clock`, {
					at: journal.lastAt,
				})
			)
		}),
		fact(['journal', 'clock'], ({ journal, clock }) =>
			journal.lastAt > clock.now + tolerated
				? hint(
						'journal',
						`the journal has lines of ${day(journal.lastAt)}, later than now: the clock was set back`,
						{ at: journal.lastAt },
					)
				: undefined,
		),
		fact(['files', 'clock'], ({ files, clock }) => {
			const later = [...files.listed.values()].filter(
				({ modifiedAt, type }) => type === 'file' && modifiedAt > clock.now + tolerated,
			)
			return (
				later.length >= 3 &&
				hint('files', `${later.length} files of k3s were written later than the clock says it is`, {
					quote: later[0]?.quote,
				})
			)
		}),
	],
	leadsTo: [
		'cert-expired',
		'cert-expiring',
		'ca-expired',
		'token-bootstrap-mismatch',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: ({ node, clock }) => [
		{
			title: 'Set the clock by a time server, and restart k3s',
			why: 'k3s checks certificates and leases by the clock. Do not make certificates anew before the clock is right.',
			risk: 'restart',
			interrupts: 'a jump of the clock may fail leases and probes for a minute; pods go on',
			steps: [
				{ run: ['timedatectl', 'set-ntp', 'true'] },
				{
					tell: 'Without a time service install one; chrony then sets the clock at once:',
					commands: ['chronyc makestep', 'timedatectl', 'date -u'],
				},
				...restartSteps(node),
			],
			recheck: ['clock', 'certificates', 'units', 'journal'],
		},
		{
			title: 'Set the clock by hand, where no time server can be reached',
			why: `A minute of difference does no harm.${clock ? ` This host believes that it is ${day(clock.now)} UTC.` : ''}`,
			risk: 'restart',
			interrupts: 'a jump of the clock may fail leases and probes for a minute; pods go on',
			steps: [
				{
					tell: 'Take the time from another node (`date -u`) and set it here:',
					commands: [
						"timedatectl set-ntp false && timedatectl set-time 'YYYY-MM-DD HH:MM:SS'",
						'hwclock --systohc',
						`systemctl restart ${node.unit}`,
					],
				},
			],
			recheck: ['clock', 'certificates', 'units', 'journal'],
		},
	],
})
