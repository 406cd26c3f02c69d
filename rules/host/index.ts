import type { Rule } from '../../src/rule.js'

export const host: readonly Rule[] = []
