import type { Rule } from '../../src/rule.js'

export const config: readonly Rule[] = []
