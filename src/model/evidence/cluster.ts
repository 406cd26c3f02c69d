/** What the Kubernetes API said: only the fields that rules and screens read. Times in epoch milliseconds. */

export interface Meta {
	namespace: string
	name: string
	uid: string
	labels: Record<string, string>
	annotations: Record<string, string>
	createdAt: number
	deletedAt?: number
	finalizers: string[]
	owner?: { kind: string; name: string }
}

export interface Condition {
	type: string
	status: string
	reason: string
	message: string
	since?: number
}

export interface Taint {
	key: string
	value: string
	effect: string
	since?: number
}

export interface KubeNode extends Meta {
	unschedulable: boolean
	taints: Taint[]
	conditions: Condition[]
	addresses: { type: string; address: string }[]
	podCidrs: string[]
	kubeletVersion: string
	osImage: string
	arch: string
	kernel: string
	runtime: string
	capacity: Record<string, string>
	allocatable: Record<string, string>
	providerId: string
	/** Boot of the machine whose kubelet reported last: two hosts under one node name report in turn. */
	bootId?: string
	/** The machine's lasting id (/etc/machine-id); clones share it. */
	machineId?: string
}

export interface ContainerState {
	state: 'waiting' | 'running' | 'terminated' | 'unknown'
	reason: string
	message: string
	exitCode?: number
	signal?: number
	startedAt?: number
	finishedAt?: number
}

export interface KubeContainer {
	name: string
	init: boolean
	image: string
	imageId: string
	pullPolicy: string
	ready: boolean
	restarts: number
	current: ContainerState
	last?: ContainerState
	limits: Record<string, string>
	requests: Record<string, string>
	hostPorts: number[]
	/** An init container that goes on running beside the others (`restartPolicy: Always`). */
	sidecar?: boolean
	/** Put in to look around (`kubectl debug`): it counts for nothing. */
	ephemeral?: boolean
	started?: boolean
	/** `liveness: GET http :8080/health, every 10 s, 3 failures`. */
	probes?: string[]
	mounts?: { path: string; volume: string; readOnly: boolean }[]
	ports?: string[]
}

export interface KubePod extends Meta {
	node: string
	phase: string
	reason: string
	message: string
	podIp: string
	hostIp: string
	hostNetwork: boolean
	conditions: Condition[]
	containers: KubeContainer[]
	nodeSelector: Record<string, string>
	serviceAccount: string
	volumes: { name: string; kind: string; source: string }[]
	startedAt?: number
	/** When to start its containers again; absent: not told. */
	restartPolicy?: string
}

export interface KubeEvent {
	namespace: string
	kind: string
	name: string
	type: string
	reason: string
	message: string
	count: number
	firstAt: number
	lastAt: number
	component: string
	host: string
}

export interface KubeService extends Meta {
	type: string
	clusterIp: string
	selector: Record<string, string>
	ports: { name: string; port: number; targetPort: string; nodePort?: number; protocol: string }[]
	externalAddresses: string[]
	/** Ready and not-ready addresses of its endpoint slices; absent when slices were not answered. */
	endpoints?: { ready: string[]; notReady: string[] }
}

export interface Workload extends Meta {
	kind: 'Deployment' | 'DaemonSet' | 'StatefulSet' | 'Job' | 'ReplicaSet'
	wanted: number
	ready: number
	conditions: Condition[]
	images: string[]
	failed?: number
	succeeded?: number
}

export interface Claim extends Meta {
	phase: string
	/** `undefined`: none named, the default class applies. */
	storageClass?: string
	volume: string
	accessModes: string[]
	requested: string
}

export interface StorageClass extends Meta {
	provisioner: string
	isDefault: boolean
	bindingMode: string
}

export interface Volume extends Meta {
	phase: string
	claim?: { namespace: string; name: string }
	nodeAffinity: string[]
	storageClass: string
	path?: string
}

export interface Webhook {
	configuration: string
	kind: 'validating' | 'mutating'
	name: string
	failurePolicy: string
	service?: { namespace: string; name: string }
	url?: string
	/** Resources it is called for, `pods`, `*`. */
	resources: string[]
}

export interface ApiService {
	name: string
	service?: { namespace: string; name: string }
	available: boolean
	reason: string
	message: string
	since?: number
}

export interface HelmChart extends Meta {
	chart: string
	targetNamespace: string
	jobName: string
	conditions: Condition[]
}

export interface Ingress extends Meta {
	className: string
	hosts: string[]
	/** `service:port`, of every rule and the default. */
	backends: string[]
	addresses: string[]
	tls: boolean
}

export interface Addon extends Meta {
	source: string
}

export interface ApiEvidence {
	/** At least one list or endpoint was answered. */
	answered: boolean
	/** Every resource that was asked and answered, e.g. `pods`. */
	resources: ReadonlySet<string>
	readyz?: { ok: boolean; failed: string[] }
	livez?: { ok: boolean; failed: string[] }
	serverVersion?: string
	/** The error of the first refused or failed request, as kubectl or the client said it. */
	error?: string
}

export interface ClusterEvidence {
	nodes?: KubeNode[]
	/** The node object of this host, by name. */
	self?: KubeNode
	pods?: KubePod[]
	events?: KubeEvent[]
	services?: KubeService[]
	workloads?: Workload[]
	namespaces?: (Meta & { phase: string; conditions: Condition[] })[]
	claims?: Claim[]
	storageClasses?: StorageClass[]
	volumes?: Volume[]
	webhooks?: Webhook[]
	apiServices?: ApiService[]
	helmCharts?: HelmChart[]
	addons?: Addon[]
	networkPolicies?: (Meta & { podSelector: Record<string, string>; types: string[] })[]
	ingresses?: Ingress[]
	crds?: string[]
}

export interface PodLog {
	file: string
	namespace: string
	pod: string
	uid: string
	container: string
	instance: number
	lines: { at: number; stream: string; text: string; line: number }[]
}
