/** How logs are called, and which file of a bundle holds one. */
import type { LogRef } from '../../model/log-ref.js'
import type { State } from '../state.js'

/** How a person names a log. */
export function logName(ref: LogRef): string {
	switch (ref.kind) {
		case 'bundle':
			return ref.file
		case 'file':
			return ref.path
		case 'unit':
			return ref.unit.replace(/\.service$/, '')
		case 'kernel':
			return 'the kernel'
		case 'container': {
			const instance =
				ref.instance === undefined
					? ''
					: typeof ref.instance === 'number'
						? ` #${ref.instance}`
						: ` (${ref.instance})`
			return `${ref.namespace}/${ref.pod}${ref.container === undefined ? '' : `: ${ref.container}`}${instance}`
		}
		case 'merged':
			return ref.of.map(logName).join(' + ')
	}
}

/** The file of the bundle that holds such a log, if it took it along. */
export function bundleFileOf({ subject }: Pick<State, 'subject'>, ref: LogRef): string | undefined {
	const files = subject?.bundle.files
	if (!files) return undefined
	const known = (file: string) => (files.has(file) ? file : undefined)
	switch (ref.kind) {
		case 'bundle':
			return known(ref.file)
		case 'file':
			return known(`files${ref.path}`)
		case 'unit':
			return known(`journal/${ref.unit.replace(/\.service$/, '')}.log`)
		case 'kernel':
			return known('journal/kernel.log')
		case 'container': {
			const logs = (subject.evidence.podLogs ?? []).filter(
				log =>
					log.namespace === ref.namespace &&
					log.pod === ref.pod &&
					(ref.uid === undefined || log.uid === ref.uid) &&
					(ref.container === undefined || log.container === ref.container),
			)
			const newest = logs.toSorted((one, other) => other.instance - one.instance)
			const wanted =
				typeof ref.instance === 'number'
					? newest.find(({ instance }) => instance === ref.instance)
					: newest[ref.instance === 'previous' ? 1 : 0]
			return wanted?.file
		}
		case 'merged':
			return ref.of.map(one => bundleFileOf({ subject }, one)).find(file => file !== undefined)
	}
}
