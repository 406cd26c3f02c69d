/** The README's table of keys. */
import { keyWord } from './key.js'
import { type Binding, keyTable, type Scope } from './table.js'

const titles: readonly (readonly [Scope, string])[] = [
	['everywhere', 'Everywhere'],
	['list', 'Lists'],
	['cluster', 'Pods and the cluster'],
	['log', 'Logs'],
	['text', 'Files and the report'],
	['prompt', 'While typing'],
]

export function scopeTitle(scope: Scope): string {
	return titles.find(([name]) => name === scope)?.[1] ?? scope
}

export function keysOf({ keys }: Binding): string {
	const [first, last] = [keys[0] ?? '', keys.at(-1) ?? '']
	if (/^\d$/.test(first) && keys.length > 2) return `${first}…${last}`
	return keys.map(keyWord).join(' ')
}

/** Markdown, ready to be put between its markers. */
export function keysMarkdown(): string {
	const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``
	return titles
		.map(([scope, title]) => {
			const rows = keyTable
				.filter(binding => binding.in === scope)
				.map(binding => `| ${keysOf(binding).split(' ').map(code).join(' ')} | ${binding.says} |`)
			return [`| ${title} | |`, '| --- | --- |', ...rows].join('\n')
		})
		.join('\n\n')
}
