import type { Rule } from '../../src/rule.js'

export const runtime: readonly Rule[] = []
