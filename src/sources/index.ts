/** Every source, in the order in which their answers decide: what tells most is asked first. */
import { api } from './api.js'
import { certificates } from './certificates.js'
import { clock } from './clock.js'
import { cluster } from './cluster.js'
import { config } from './config.js'
import { containerd } from './containerd.js'
import { datastore } from './datastore.js'
import { disks } from './disks.js'
import { files } from './files.js'
import { firewall } from './firewall.js'
import { journal } from './journal/index.js'
import { k3s } from './k3s.js'
import { kernel } from './kernel.js'
import { kernelLog } from './kernel-log.js'
import { memory } from './memory.js'
import { names } from './names.js'
import { network } from './network.js'
import { podLogs } from './pod-logs.js'
import { probes } from './probes.js'
import { processes } from './processes.js'
import { registries } from './registries.js'
import { runtime } from './runtime.js'
import { sockets } from './sockets.js'
import type { Source } from './source.js'
import { units } from './units.js'

export const sources: readonly Source[] = [
	units,
	journal,
	config,
	certificates,
	disks,
	sockets,
	probes,
	files,
	containerd,
	datastore,
	registries,
	network,
	firewall,
	names,
	clock,
	memory,
	kernel,
	kernelLog,
	processes,
	k3s,
	runtime,
	api,
	cluster,
	podLogs,
]
