import type { Rule } from '../../src/rule.js'

export const dns: readonly Rule[] = []
