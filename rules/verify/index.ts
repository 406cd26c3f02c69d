/** What is to be so after an installation, in the order in which one looks. */
import type { Check } from '../../src/check.js'
import api from './api.js'
import { configuration, host, images, network, runtime, version, workloads } from './by-area.js'
import certificates from './certificates.js'
import clusterDns from './cluster-dns.js'
import datastore from './datastore.js'
import kubeconfig from './kubeconfig.js'
import metrics from './metrics.js'
import nodeReady from './node-ready.js'
import other from './other.js'
import service from './service.js'
import snapshots from './snapshots.js'
import storageClass from './storage-class.js'
import systemPods from './system-pods.js'
import token from './token.js'

export const verifyChecks: readonly Check[] = [
	service,
	nodeReady,
	api,
	datastore,
	certificates,
	token,
	configuration,
	host,
	network,
	runtime,
	images,
	systemPods,
	clusterDns,
	storageClass,
	metrics,
	kubeconfig,
	snapshots,
	version,
	workloads,
	other,
]
