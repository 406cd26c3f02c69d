/** The catalogue of messages: one row a message, with the place where it stands and the causes that it may have. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Row {
	/** Number in the list of known messages; several messages share one. */
	number: string
	/** Where the message stands; `state:<name>` where a state of the node says it rather than words. */
	place: string
	role: 'server' | 'agent'
	/** Empty: the words of a healthy node. */
	causes: string[]
	text: string
	file: string
}

const folder = fileURLToPath(new URL('.', import.meta.url))

export function readRows(): Row[] {
	return readdirSync(folder)
		.filter(file => file.endsWith('.tsv'))
		.sort()
		.flatMap(file =>
			readFileSync(`${folder}${file}`, 'utf8')
				.split('\n')
				.filter(line => line !== '' && !line.startsWith('#'))
				.map(line => {
					const [number = '', place = '', role, causes = '', text = ''] = line.split('\t')
					return {
						number,
						place,
						role: role === 'agent' ? ('agent' as const) : ('server' as const),
						causes: causes.split(',').filter(cause => cause !== '-'),
						text,
						file,
					}
				}),
		)
}
