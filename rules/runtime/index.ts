import type { Rule } from '../../src/rule.js'
import containerdConfigInvalid from './containerd-config-invalid.js'
import containerdFailed from './containerd-failed.js'
import containerdStateCorrupt from './containerd-state-corrupt.js'
import dockerBackendProblem from './docker-backend-problem.js'
import runtimeBinaryMissing from './runtime-binary-missing.js'
import runtimeCreateFailed from './runtime-create-failed.js'

export const runtime: readonly Rule[] = [
	containerdFailed,
	containerdConfigInvalid,
	containerdStateCorrupt,
	runtimeBinaryMissing,
	runtimeCreateFailed,
	dockerBackendProblem,
]
