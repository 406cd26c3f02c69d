import type { WaitCondition } from './remedy.js'

/** What is waited for, to follow "until". */
export function conditionInWords(condition: WaitCondition): string {
	if ('unitActive' in condition) return `${condition.unitActive} is active`
	if ('unitInactive' in condition) return `${condition.unitInactive} is stopped`
	if ('portOpen' in condition) return `port ${condition.portOpen.port} of ${condition.portOpen.host} answers`
	if ('nodeReady' in condition) return `node ${condition.nodeReady} is Ready`
	if ('pathExists' in condition) return `${condition.pathExists} exists`
	return 'the API server is ready'
}
