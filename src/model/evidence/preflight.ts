/** What is asked only before an installation, because it writes a file or goes out to the internet. */
import type { DiskSpeed } from '../disk-speed.js'
import type { HttpProbe, PortProbe } from './network.js'

export interface PreflightEvidence {
	/** How fast the disk under the data directory makes small writes last, or why that was not tried. */
	disk?: DiskSpeed | { skipped: string }
	/** Where images come from unless told otherwise. */
	egress: { port: PortProbe; http?: HttpProbe }[]
	/** Kernel modules that can be loaded or are built in; absent: nobody could tell. */
	modules?: ReadonlySet<string>
	/** The server that is to be joined, as the operator named it, and what it answers. */
	server?: {
		url: string
		port?: PortProbe
		ping?: HttpProbe
		cacerts?: HttpProbe
	}
	/** The form of the token that is set, and of a full one the hash of the authorities that it belongs to. */
	token?: { form: 'full' | 'short' | 'broken' | 'empty'; caHash?: string; where: string }
	/** SHA-256 of what a server answered at /cacerts: a full token of its cluster begins with it. */
	caHashes: ReadonlyMap<string, string>
}
