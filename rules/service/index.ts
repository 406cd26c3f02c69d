import type { Rule } from '../../src/rule.js'
import serviceStopped from './service-stopped.js'

export const service: readonly Rule[] = [serviceStopped]
