import type { Rule } from '../../src/rule.js'

export const storage: readonly Rule[] = []
