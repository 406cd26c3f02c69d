import type { Rule } from '../../src/rule.js'
import podConfigMissing from './pod-config-missing.js'
import podCrashloop from './pod-crashloop.js'
import podOomkilled from './pod-oomkilled.js'
import podProbeFailing from './pod-probe-failing.js'
import podStuckTerminating from './pod-stuck-terminating.js'
import podUnschedulable from './pod-unschedulable.js'

export const workload: readonly Rule[] = [
	podCrashloop,
	podOomkilled,
	podUnschedulable,
	podConfigMissing,
	podProbeFailing,
	podStuckTerminating,
]
