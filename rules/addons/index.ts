import type { Rule } from '../../src/rule.js'

export const addons: readonly Rule[] = []
