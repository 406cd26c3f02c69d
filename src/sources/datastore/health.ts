/** etcd's `/health`: `{"health":"true","reason":""}`, several answers may stand after each other. */
import { fields, json, text } from '../field.js'

export interface Health {
	healthy: boolean
	reason: string
}

const most = 20

export function readHealth(told: string | undefined): Health[] {
	const answers: Health[] = []
	// Objects of /health are flat.
	for (const [object] of (told ?? '').slice(0, 64 * 1024).matchAll(/\{[^{}]{0,4096}\}/g)) {
		const { health, reason } = fields(json(object))
		if (health === undefined) continue
		answers.push({ healthy: text(health) === 'true', reason: text(reason).slice(0, 500) })
		if (answers.length === most) break
	}
	return answers
}
