/** Arguments with their secrets hidden: `--token X`, `--token=X`. */
import { longName } from './flags.js'
import { hide } from './hide.js'

export function hideArguments(args: readonly string[]): string[] {
	let flag = ''
	return args.map(word => {
		const parts = /^--?([^-=\s][^=]{0,200})(=([\s\S]*))?$/.exec(word)
		if (!parts) {
			const shown = flag ? hide(flag, word) : word
			flag = ''
			return shown
		}
		const name = longName(parts[1] ?? '')
		flag = parts[2] === undefined ? name : ''
		return parts[2] === undefined
			? word
			: `${word.slice(0, word.indexOf('=') + 1)}${hide(name, parts[3] ?? '')}`
	})
}
