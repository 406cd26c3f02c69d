import type { Rule } from '../../src/rule.js'
import cloudProviderUninitialized from './cloud-provider-uninitialized.js'
import nodeCordoned from './node-cordoned.js'
import nodeNotReady from './node-not-ready.js'
import nodeTainted from './node-tainted.js'

export const node: readonly Rule[] = [nodeCordoned, nodeTainted, nodeNotReady, cloudProviderUninitialized]
