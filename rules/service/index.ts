import type { Rule } from '../../src/rule.js'
import apparmorDenied from './apparmor-denied.js'
import binaryNoexec from './binary-noexec.js'
import binaryWrongArch from './binary-wrong-arch.js'
import k3sNotInstalled from './k3s-not-installed.js'
import selinuxDenied from './selinux-denied.js'
import serverAndAgentBoth from './server-and-agent-both.js'
import serviceDisabled from './service-disabled.js'
import serviceKilled from './service-killed.js'
import serviceStartTimeout from './service-start-timeout.js'
import serviceStopped from './service-stopped.js'
import unitFileInvalid from './unit-file-invalid.js'

export const service: readonly Rule[] = [
	k3sNotInstalled,
	serviceStopped,
	serviceDisabled,
	serviceKilled,
	serviceStartTimeout,
	binaryWrongArch,
	binaryNoexec,
	selinuxDenied,
	unitFileInvalid,
	apparmorDenied,
	serverAndAgentBoth,
]
