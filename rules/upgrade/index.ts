import type { Rule } from '../../src/rule.js'
import downgradeUnsupported from './downgrade-unsupported.js'
import removedApi from './removed-api.js'
import upgradeIncomplete from './upgrade-incomplete.js'
import versionSkew from './version-skew.js'

export const upgrade: readonly Rule[] = [versionSkew, downgradeUnsupported, upgradeIncomplete, removedApi]
