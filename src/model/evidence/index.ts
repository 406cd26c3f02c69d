/** Everything that was read from a bundle, by source. A source without an answer is absent, never empty. */
import type { NodeFacts } from '../bundle.js'
import type { ApiEvidence, ClusterEvidence, PodLog } from './cluster.js'
import type {
	ClockEvidence,
	DiskEvidence,
	FilesEvidence,
	KernelEvidence,
	MemoryEvidence,
	Process,
} from './host.js'
import type { JournalEvidence, LogEvidence } from './journal.js'
import type {
	CertificatesEvidence,
	ConfigEvidence,
	DatastoreEvidence,
	K3sEvidence,
	RegistriesEvidence,
	RuntimeEvidence,
	UnitsEvidence,
} from './k3s.js'
import type {
	FirewallEvidence,
	NamesEvidence,
	NetworkEvidence,
	ProbesEvidence,
	SocketsEvidence,
} from './network.js'
import type { PreflightEvidence } from './preflight.js'
import type { ServiceEvidence } from './service.js'
import type { VerifyEvidence } from './verify.js'

export * from './cluster.js'
export * from './host.js'
export * from './journal.js'
export * from './k3s.js'
export * from './network.js'
export * from './preflight.js'
export * from './service.js'
export * from './verify.js'

export interface SourceEvidence {
	units: UnitsEvidence
	journal: JournalEvidence
	containerd: LogEvidence
	kernelLog: LogEvidence
	config: ConfigEvidence
	files: FilesEvidence
	certificates: CertificatesEvidence
	sockets: SocketsEvidence
	probes: ProbesEvidence
	disks: DiskEvidence
	memory: MemoryEvidence
	kernel: KernelEvidence
	network: NetworkEvidence
	firewall: FirewallEvidence
	names: NamesEvidence
	clock: ClockEvidence
	processes: Process[]
	runtime: RuntimeEvidence
	registries: RegistriesEvidence
	datastore: DatastoreEvidence
	api: ApiEvidence
	cluster: ClusterEvidence
	podLogs: PodLog[]
	k3s: K3sEvidence
	preflight: PreflightEvidence
	verify: VerifyEvidence
}

export type SourceName = keyof SourceEvidence

/** Evidence that is drawn from several sources at once, plus the node itself, which is always known. */
export interface DerivedEvidence {
	node: NodeFacts
	service: ServiceEvidence
}

export interface AllEvidence extends SourceEvidence, DerivedEvidence {}

export type EvidenceName = keyof AllEvidence

export type Evidence = Partial<AllEvidence> & Pick<AllEvidence, 'node'>
