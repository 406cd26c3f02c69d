import type { Rule } from '../../src/rule.js'

export const network: readonly Rule[] = []
