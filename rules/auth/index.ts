import type { Rule } from '../../src/rule.js'
import joinNonHaServer from './join-non-ha-server.js'
import nodePasswordRejected from './node-password-rejected.js'
import rbacDenied from './rbac-denied.js'
import tokenBootstrapMismatch from './token-bootstrap-mismatch.js'
import tokenWrong from './token-wrong.js'

export const auth: readonly Rule[] = [
	tokenWrong,
	joinNonHaServer,
	tokenBootstrapMismatch,
	nodePasswordRejected,
	rbacDenied,
]
