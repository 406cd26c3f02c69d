import type { Rule } from '../../src/rule.js'
import apiUnreachable from './api-unreachable.js'
import firewallBlocks from './firewall-blocks.js'
import portInUse from './port-in-use.js'
import serverUrlWrong from './server-url-wrong.js'

export const network: readonly Rule[] = [portInUse, apiUnreachable, serverUrlWrong, firewallBlocks]
