import type { Rule } from '../../src/rule.js'

export const workload: readonly Rule[] = []
