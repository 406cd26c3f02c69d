import type { Rule } from '../../src/rule.js'

export const images: readonly Rule[] = []
