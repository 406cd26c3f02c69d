import type { Rule } from '../../src/rule.js'

export const node: readonly Rule[] = []
