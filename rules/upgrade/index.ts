import type { Rule } from '../../src/rule.js'

export const upgrade: readonly Rule[] = []
