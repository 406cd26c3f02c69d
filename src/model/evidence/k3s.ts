/** k3s itself: its units, configuration, certificates, datastore, container runtime. Times in epoch milliseconds. */
import type { Quote } from './journal.js'

export interface Unit {
	id: string
	loadState: string
	activeState: string
	subState: string
	result: string
	unitFileState: string
	fragmentPath: string
	dropIns: string[]
	type: string
	restart: string
	mainPid: number
	restarts: number
	/** `ExecMainCode`: 0 none, 1 exited, 2 killed, 3 dumped. */
	exitCode: number
	exitStatus: number
	startedAt?: number
	exitedAt?: number
	activeAt?: number
	inactiveAt?: number
	invocationId: string
	limitNofile?: number
	environmentFiles: string[]
	/** argv of ExecStart, one list per ExecStart line. */
	exec: string[][]
	/** File and line of the ActiveState in systemctl-show.txt. */
	quote: Quote
}

export interface UnitsEvidence {
	/** The k3s unit of this node; absent when systemd answered nothing about it. */
	own?: Unit
	all: Unit[]
	failed: string[]
	/** `systemctl cat`: unit file and drop-ins with their paths. */
	cat: { path: string; text: string }[]
	/** `systemctl status` as printed. */
	status?: string
}

/** Where a configuration value came from. */
export interface Origin {
	kind: 'file' | 'unit' | 'environment'
	file: string
	line?: number
}

export interface ConfigValue {
	/** One string per given value, in order. Booleans and numbers as written. */
	values: string[]
	origin: Origin
}

export interface ConfigProblem {
	file: string
	line?: number
	message: string
	text?: string
}

export interface ConfigEvidence {
	/** Long flag name without dashes -> merged value, as k3s merges file, drop-ins, command line, environment. */
	values: ReadonlyMap<string, ConfigValue>
	/** Configuration files that were read, main file first. */
	files: string[]
	problems: ConfigProblem[]
	/** Environment of the service that k3s reads, e.g. K3S_URL. Secrets read `<redacted>`. */
	environment: ReadonlyMap<string, string>
	/** Arguments after `k3s server|agent` in the unit. */
	args: string[]
}

export interface Certificate {
	/** Path on the node, or `tls://host:port` for one that a port showed. */
	path: string
	/** Position in its file; 0 is the certificate itself, later ones are its issuers. */
	position: number
	ca: boolean
	subject: string
	commonName: string
	organizations: string[]
	issuer: string
	issuerCommonName: string
	/** DNS names and addresses. */
	sans: string[]
	notBefore: number
	notAfter: number
	fingerprint: string
	keyId?: string
	authorityKeyId?: string
}

export interface CertificatesEvidence {
	certificates: Certificate[]
	/** Files that hold no certificate although their name says so. */
	broken: { path: string; problem: string; size: number }[]
}

export type DatastoreKind = 'sqlite' | 'etcd' | 'mysql' | 'postgres' | 'external-etcd' | 'nats' | 'unknown'

export interface DatastoreEvidence {
	kind: DatastoreKind
	/** Host and port of an external datastore, without credentials. */
	endpoint?: { host: string; port?: number }
	/** What lies on disk. */
	sqlite?: { size: number; walSize?: number; modifiedAt: number }
	etcd?: { dataDir: string; snapshots: string[]; tombstone: boolean; resetFlag: boolean; brokenWal: string[] }
	/** `/health` of the embedded etcd, per answer. */
	etcdHealth: { healthy: boolean; reason: string }[]
}

export interface RuntimeContainer {
	id: string
	name: string
	namespace: string
	pod: string
	podUid: string
	image: string
	state: 'running' | 'exited' | 'created' | 'unknown'
	attempt: number
	createdAt: number
}

export interface RuntimeEvidence {
	/** crictl was answered by the runtime. */
	answered: boolean
	version?: string
	/** RuntimeReady, NetworkReady … */
	conditions: { type: string; status: boolean; reason: string; message: string }[]
	pods: { id: string; name: string; namespace: string; uid: string; ready: boolean; createdAt: number }[]
	containers: RuntimeContainer[]
	images: { id: string; tags: string[]; digests: string[]; size: number; pinned: boolean }[]
	/**
	 * Of an answering runtime, the lists that were not answered: an empty one of these says nothing.
	 * Absent when all four were.
	 */
	unanswered?: ('conditions' | 'pods' | 'containers' | 'images')[]
	/** What containerd said when it could not load the CNI configuration. */
	cniProblem?: string
	/** Why crictl had no answer, in its own words. */
	error?: string
}

export interface RegistriesEvidence {
	file: string
	mirrors: { host: string; endpoints: string[]; quote: Quote }[]
	configs: string[]
	problem?: ConfigProblem
}

export interface K3sEvidence {
	/** `v1.36.2+k3s1` of the binary on disk. */
	version?: string
	/** Version of the process that runs, from its last start in the journal. */
	runningVersion?: string
	/** Why `k3s --version` gave none: its exit status and stderr. */
	versionError?: { exit?: number; stderr: string }
	checkConfig?: { failed: string[]; warnings: string[] }
}
