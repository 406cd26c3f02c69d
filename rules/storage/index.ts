import type { Rule } from '../../src/rule.js'
import localPathFailed from './local-path-failed.js'
import pvcPending from './pvc-pending.js'
import volumeMountFailed from './volume-mount-failed.js'

export const storage: readonly Rule[] = [pvcPending, localPathFailed, volumeMountFailed]
