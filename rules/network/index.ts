import type { Rule } from '../../src/rule.js'
import apiUnreachable from './api-unreachable.js'
import cidrConflict from './cidr-conflict.js'
import cniNotReady from './cni-not-ready.js'
import dualStackMisconfig from './dual-stack-misconfig.js'
import egressBroken from './egress-broken.js'
import firewallBlocks from './firewall-blocks.js'
import flannelIfaceWrong from './flannel-iface-wrong.js'
import flannelStartFailed from './flannel-start-failed.js'
import konnectivityTunnelDown from './konnectivity-tunnel-down.js'
import kubeProxyFailed from './kube-proxy-failed.js'
import mtuMismatch from './mtu-mismatch.js'
import netpolBlocks from './netpol-blocks.js'
import nmCloudSetup from './nm-cloud-setup.js'
import portInUse from './port-in-use.js'
import serverUrlWrong from './server-url-wrong.js'
import vxlanBlocked from './vxlan-blocked.js'
import vxlanChecksum from './vxlan-checksum.js'

export const network: readonly Rule[] = [
	portInUse,
	apiUnreachable,
	serverUrlWrong,
	firewallBlocks,
	nmCloudSetup,
	vxlanBlocked,
	vxlanChecksum,
	flannelIfaceWrong,
	flannelStartFailed,
	cidrConflict,
	dualStackMisconfig,
	cniNotReady,
	kubeProxyFailed,
	netpolBlocks,
	mtuMismatch,
	egressBroken,
	konnectivityTunnelDown,
]
