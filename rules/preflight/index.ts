/** What is to be so before an installation, in the order in which one looks. */
import type { Check } from '../../src/check.js'
import architecture from './architecture.js'
import cgroups from './cgroups.js'
import configuration from './configuration.js'
import defaultRoute from './default-route.js'
import diskSpace from './disk-space.js'
import diskSpeed from './disk-speed.js'
import fileSystem from './file-system.js'
import firewall from './firewall.js'
import hostname from './hostname.js'
import hostnameUnique from './hostname-unique.js'
import images from './images.js'
import iptables from './iptables.js'
import kernelVersion from './kernel-version.js'
import leftovers from './leftovers.js'
import memory from './memory.js'
import modules from './modules.js'
import networks from './networks.js'
import nmCloudSetup from './nm-cloud-setup.js'
import operatingSystem from './operating-system.js'
import portsFree from './ports-free.js'
import processors from './processors.js'
import reachable from './reachable.js'
import registries from './registries.js'
import resolver from './resolver.js'
import serverAnswers from './server-answers.js'
import serverUrl from './server-url.js'
import swap from './swap.js'
import time from './time.js'
import token from './token.js'

export const preflightChecks: readonly Check[] = [
	operatingSystem,
	architecture,
	kernelVersion,
	modules,
	cgroups,
	processors,
	memory,
	swap,
	diskSpace,
	fileSystem,
	diskSpeed,
	time,
	hostname,
	hostnameUnique,
	resolver,
	defaultRoute,
	networks,
	portsFree,
	iptables,
	firewall,
	nmCloudSetup,
	reachable,
	leftovers,
	images,
	registries,
	configuration,
	serverUrl,
	serverAnswers,
	token,
]
