/** Every rule, by area. */
import type { Rule } from '../src/rule.js'
import { addons } from './addons/index.js'
import { auth } from './auth/index.js'
import { certs } from './certs/index.js'
import { config } from './config/index.js'
import { datastore } from './datastore/index.js'
import { dns } from './dns/index.js'
import { host } from './host/index.js'
import { images } from './images/index.js'
import { network } from './network/index.js'
import { node } from './node/index.js'
import { runtime } from './runtime/index.js'
import { service } from './service/index.js'
import { storage } from './storage/index.js'
import { upgrade } from './upgrade/index.js'
import { workload } from './workload/index.js'

export const rules: readonly Rule[] = [
	...service,
	...config,
	...host,
	...network,
	...dns,
	...certs,
	...auth,
	...datastore,
	...runtime,
	...images,
	...node,
	...upgrade,
	...workload,
	...storage,
	...addons,
]
