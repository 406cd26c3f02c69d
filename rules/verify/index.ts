/** What is to be so after an installation, in the order in which one looks. */
import type { Check } from '../../src/check.js'
import api from './api.js'
import certificates from './certificates.js'
import clusterDns from './cluster-dns.js'
import configuration from './configuration.js'
import datastore from './datastore.js'
import host from './host.js'
import images from './images.js'
import kubeconfig from './kubeconfig.js'
import metrics from './metrics.js'
import network from './network.js'
import nodeReady from './node-ready.js'
import other from './other.js'
import runtime from './runtime.js'
import service from './service.js'
import snapshots from './snapshots.js'
import storageClass from './storage-class.js'
import systemPods from './system-pods.js'
import token from './token.js'
import version from './version.js'
import workloads from './workloads.js'

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
