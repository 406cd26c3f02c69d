/**
 * Months as journalctl abbreviates them in the languages of those who run it (glibc's locales): its default form says
 * `3月 16`, `Mär 16`, `févr. 16` where English says `Mar 16`.
 */
const words: readonly string[] = [
	'jan jän janv ene gen led sty oca ian янв січ ιαν tammi',
	'feb febr févr fév fev lut úno şub лют фев φεβ helmi',
	'mar mär mars mrt márc mär març bře бер мар μαρ maalis',
	'apr abr avril avr dub kwi ápr nis кві апр απρ huhti',
	'may mai maj mei mag máj kvě тра мая май μαϊ μάι touko',
	'jun juin giu jún čen cze haz iun июн чер ιουν kesä',
	'jul juil lug júl čec lip tem iul июл лип ιουλ heinä',
	'aug août aoû ago srp sie ağu авг сер αυγ elo',
	'sep sept set zář wrz eyl сен сент вер σεπ syys',
	'oct okt ott out říj paź eki окт жов οκτ loka',
	'nov lis kas ноя нояб лис νοε marras',
	'dec dez déc dic des pro gru ara дек гру δεκ joulu',
]

const byWord = new Map(words.flatMap((list, month) => list.split(' ').map(word => [word, month] as const)))

/** 0 for January; `undefined` for what is no month in any of these languages. */
export function monthOf(word: string): number | undefined {
	const number = /^(\d{1,2})[月월]$/.exec(word)?.[1]
	if (number !== undefined)
		return Number(number) >= 1 && Number(number) <= 12 ? Number(number) - 1 : undefined
	return byWord.get(word.toLowerCase().replace(/\.$/, ''))
}
