/** Who speaks, since when, and why nobody better: the line above each list. */

import type { Voice } from '../../model/live.js'
import { nearTime, utcTime } from '../../report/times.js'
import type { Tone } from '../line.js'
import type { Sight } from './sight.js'

/** What was got over is told for so long, milliseconds. */
const remembered = 600_000

export interface Said {
	words: string
	tone: Tone
}

const live: Readonly<Record<Voice['speaker'], string>> = {
	watch: 'Kubernetes API, live',
	poll: 'Kubernetes API, asked again and again',
	crictl: 'crictl',
	files: "the kubelet's files",
}

const collected: Readonly<Record<Sight['by'], string>> = {
	api: 'Kubernetes API',
	runtime: 'crictl',
	files: "the kubelet's files (/var/log/pods)",
	nowhere: 'nobody',
}

/** `voice`: of the list that is shown. */
export function voiceWords(sight: Sight, voice: Voice | undefined = sight.voice): Said {
	const { now, by, trouble } = sight
	if (voice) {
		const why = voice.trouble === undefined ? '' : `: ${voice.trouble}`
		const { incident } = voice
		const past =
			incident && now - incident.at < remembered ? `; ${nearTime(incident.at, now)} ${incident.says}` : ''
		const words = `${live[voice.speaker]} since ${nearTime(voice.since, now)} UTC${why}${past}`
		return { words, tone: voice.trouble === undefined && voice.speaker === 'watch' ? 'faint' : 'warn' }
	}
	const reason = trouble?.replace(/[.?!]+$/, '') ?? 'the Kubernetes API had no answer'
	const why = by === 'api' ? '' : `: ${reason}`
	const when = now > 0 ? `, ${utcTime(now)} UTC` : ''
	return { words: `${collected[by]}${when}${why}`, tone: by === 'api' ? 'faint' : 'warn' }
}
