/** Whether k3s is set up on this host already: a unit, or a process of it. A program or data alone is not. */
import type { Evidence } from '../../src/check.js'

const ofK3s = /^(?:\S*\/)?k3s(?:-server|-agent)?(?: server| agent| init|$)/

export function isSetUp({ units, processes }: Evidence): boolean {
	const own = units?.own
	const loaded = own !== undefined && own.loadState !== 'not-found' && own.loadState !== ''
	return loaded || (processes ?? []).some(({ args }) => ofK3s.test(args))
}
