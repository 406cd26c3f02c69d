/** systemd's commands and units on a node that runs OpenRC (Alpine): rules are written for systemd. */
import type { Argv } from '../model/remedy.js'
import { verbOf } from './policy.js'

const services = new Set(['start', 'stop', 'restart'])

/** The same in OpenRC; `undefined` where it is not needed there, a reason where there is nothing like it. */
export function inOpenRc(argv: Argv): Argv | undefined | { refused: string } {
	const [program, ...words] = argv
	if (program === 'journalctl') return { refused: 'there is no journal on a node with OpenRC' }
	if (program !== 'systemctl') return argv
	const verb = verbOf(words)
	if (verb === 'daemon-reload' || verb === 'reset-failed') return undefined
	const units = words.slice(words.indexOf(verb) + 1).filter(word => !word.startsWith('-'))
	const [unit] = units
	if (!unit || units.length > 1) return { refused: `there is no OpenRC command for "${argv.join(' ')}"` }
	const service = unit.replace(/\.service$/, '')
	if (services.has(verb)) return ['rc-service', service, verb]
	const now = words.includes('--now')
	if (verb === 'enable' && !now) return ['rc-update', 'add', service, 'default']
	if (verb === 'disable' && !now) return ['rc-update', 'del', service, 'default']
	return { refused: `there is no OpenRC command for "${argv.join(' ')}"` }
}
