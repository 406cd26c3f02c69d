import type { Rule } from '../../src/rule.js'

export const auth: readonly Rule[] = []
