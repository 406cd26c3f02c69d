import type { Rule } from '../../src/rule.js'

export const certs: readonly Rule[] = []
