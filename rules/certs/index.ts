import type { Rule } from '../../src/rule.js'
import caExpired from './ca-expired.js'
import caMismatch from './ca-mismatch.js'
import certExpired from './cert-expired.js'
import certExpiring from './cert-expiring.js'
import certKeyMismatch from './cert-key-mismatch.js'
import certSanMissing from './cert-san-missing.js'
import kubeconfigPermission from './kubeconfig-permission.js'
import kubeconfigStale from './kubeconfig-stale.js'

export const certs: readonly Rule[] = [
	caExpired,
	certExpired,
	certExpiring,
	caMismatch,
	certKeyMismatch,
	certSanMissing,
	kubeconfigStale,
	kubeconfigPermission,
]
