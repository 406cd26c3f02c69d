import type { Rule } from '../../src/rule.js'

export const datastore: readonly Rule[] = []
