import type { Rule } from '../../src/rule.js'
import componentArgInvalid from './component-arg-invalid.js'
import configBadValue from './config-bad-value.js'
import configConflictingFlags from './config-conflicting-flags.js'
import configInvalidYaml from './config-invalid-yaml.js'
import configMismatchServers from './config-mismatch-servers.js'
import configUnknownFlag from './config-unknown-flag.js'
import configUnreadable from './config-unreadable.js'
import proxyMisconfigured from './proxy-misconfigured.js'

export const config: readonly Rule[] = [
	configInvalidYaml,
	configUnreadable,
	configUnknownFlag,
	configBadValue,
	configConflictingFlags,
	configMismatchServers,
	componentArgInvalid,
	proxyMisconfigured,
]
