import type { Rule } from '../../src/rule.js'
import corednsDown from './coredns-down.js'
import dnsLoop from './dns-loop.js'
import dnsSearchDomain from './dns-search-domain.js'
import dnsUpstreamBroken from './dns-upstream-broken.js'
import hostDnsBroken from './host-dns-broken.js'

export const dns: readonly Rule[] = [hostDnsBroken, dnsUpstreamBroken, dnsLoop, corednsDown, dnsSearchDomain]
