import { fileOf } from '../../../model/bundle.js'
import type { Certificate } from '../../../model/evidence/index.js'
import { nowOf } from '../../../model/lookup.js'
import { utcTime } from '../../../report/times.js'
import { shortenStart } from '../../columns.js'
import { bar } from '../../format.js'
import { cell, number, span, type Tone } from '../../line.js'
import { fileTarget, type Section, tableRow } from './section.js'

const day = 86_400_000
/** What fills a bar: leaf certificates of k3s live for a year. */
const year = 365 * day
/** k3s renews a certificate at start when less than this is left (90 days; 120 since mid-2025). */
const renewal = 90 * day

/** How long a certificate lives on, in words that fit nine columns. */
function left({ notAfter, notBefore }: Certificate, now: number): { words: string; tone: Tone } {
	if (now < notBefore) return { words: 'not yet', tone: 'bad' }
	const rest = notAfter - now
	if (rest < 0) return { words: `-${Math.ceil(-rest / day)} d`, tone: 'bad' }
	const words = rest < 2 * day ? `${Math.floor(rest / 3_600_000)} h` : `${Math.floor(rest / day)} d`
	return { words, tone: rest < renewal ? 'warn' : 'good' }
}

const bySoonest = (a: Certificate, b: Certificate) => a.notAfter - b.notAfter

export const certificates: Section = {
	id: 'certificates',
	title: 'Certificates',
	summary: evidence => {
		const all = evidence.certificates?.certificates
		const [soonest] = [...(all ?? [])].sort(bySoonest)
		if (!all || !soonest) return undefined
		const now = nowOf(evidence)
		const { words, tone } = left(soonest, now)
		const ended = all.filter(({ notAfter }) => notAfter < now).length
		const broken = evidence.certificates?.broken.length ?? 0
		const says =
			ended > 0 ? `${ended} of ${all.length} have expired` : `${all.length}, the first ends in ${words}`
		return {
			says: broken > 0 ? `${says}; ${broken} not readable` : says,
			...((tone !== 'good' || broken > 0) && { tone: broken > 0 ? 'bad' : tone }),
		}
	},
	rows: (evidence, subject) => {
		const now = nowOf(evidence)
		const { certificates: all = [], broken = [] } = evidence.certificates ?? {}
		const shown = (path: string) => path.replace(`${evidence.node.dataDir}/server/tls/`, 'tls/')
		return [
			...broken.map(({ path, problem }) =>
				tableRow(`broken ${path}`, `${path} ${problem}`, width => ({
					left: [span(shortenStart(shown(path), Math.min(44, width >> 1))), span(`  ${problem}`, 'bad')],
				})),
			),
			...[...all].sort(bySoonest).map((certificate, index) => {
				const { path, position, notAfter, commonName, issuerCommonName } = certificate
				const { words, tone } = left(certificate, now)
				const target = fileTarget(subject, fileOf(path))
				return tableRow(
					`${path} ${position} ${index}`,
					`${path} ${commonName} ${issuerCommonName}`,
					width => {
						const barWidth = width >= 76 ? 16 : 8
						const room = width - barWidth - 24
						const name = Math.max(12, Math.min(52, room))
						return {
							left: [
								cell(shortenStart(shown(path) + (position > 0 ? ` #${position}` : ''), name), name),
								span(' '),
								span(bar((notAfter - now) / year, barWidth), tone),
								number(words, 9, tone === 'good' ? undefined : tone),
								span(`  until ${utcTime(notAfter).slice(0, 10)}  ${commonName}`, 'faint'),
							],
						}
					},
					target && { target },
				)
			}),
		]
	},
}
