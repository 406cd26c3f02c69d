import type { Rule } from '../../src/rule.js'
import cgroupDriverMismatch from './cgroup-driver-mismatch.js'
import cgroupMemoryMissing from './cgroup-memory-missing.js'
import cgroupV1Unsupported from './cgroup-v1-unsupported.js'
import clockSkew from './clock-skew.js'
import cpuStarved from './cpu-starved.js'
import dataDirProblem from './data-dir-problem.js'
import diskFull from './disk-full.js'
import diskPressure from './disk-pressure.js'
import diskReadonly from './disk-readonly.js'
import diskSlow from './disk-slow.js'
import filesystemUnsupported from './filesystem-unsupported.js'
import hostnameChanged from './hostname-changed.js'
import hostnameDuplicate from './hostname-duplicate.js'
import hostnameInvalid from './hostname-invalid.js'
import inodesExhausted from './inodes-exhausted.js'
import inotifyLimit from './inotify-limit.js'
import iptablesIncompatible from './iptables-incompatible.js'
import kernelIncompatible from './kernel-incompatible.js'
import kernelModuleMissing from './kernel-module-missing.js'
import memoryPressure from './memory-pressure.js'
import noDefaultRoute from './no-default-route.js'
import nodeIpChanged from './node-ip-changed.js'
import nofileLimit from './nofile-limit.js'
import pidPressure from './pid-pressure.js'
import swapOn from './swap-on.js'

export const host: readonly Rule[] = [
	diskFull,
	inodesExhausted,
	diskPressure,
	diskReadonly,
	diskSlow,
	memoryPressure,
	pidPressure,
	cpuStarved,
	swapOn,
	cgroupMemoryMissing,
	cgroupV1Unsupported,
	cgroupDriverMismatch,
	kernelModuleMissing,
	kernelIncompatible,
	iptablesIncompatible,
	inotifyLimit,
	nofileLimit,
	clockSkew,
	hostnameInvalid,
	hostnameChanged,
	hostnameDuplicate,
	noDefaultRoute,
	nodeIpChanged,
	filesystemUnsupported,
	dataDirProblem,
]
