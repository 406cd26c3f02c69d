/** Programs such as systemctl and find print the node's local time; `date` says how far that is from UTC. */
import type { Bundle } from '../model/bundle.js'
import { answer } from '../model/bundle.js'

/** Minutes east of UTC when the bundle was taken; 0 where `date` was not asked. */
export function zoneOffset(bundle: Bundle): number {
	const told = answer(bundle, 'commands/date.txt')?.slice(0, 200) ?? ''
	const parts = /T\d\d:\d\d:\d\d\S*?([+-])(\d\d):?(\d\d)\s*$/m.exec(told)
	if (!parts) return 0
	const minutes = Number(parts[2]) * 60 + Number(parts[3])
	return parts[1] === '-' ? -minutes : minutes
}
