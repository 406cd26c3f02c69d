import type { SourceName } from './evidence/index.js'
import type { Precondition } from './precondition.js'

/**
 * `safe`: nothing stops and it is easily taken back. `restart`: something is interrupted for a while.
 * `destructive`: data, membership or running pods can be lost; the operator types the node's name.
 */
export type Risk = 'safe' | 'restart' | 'destructive'

/** argv, never a shell string: nothing from a log can become another command. */
export type Argv = readonly [string, ...string[]]

export interface Owner {
	uid: number
	gid: number
}

/**
 * A command. `k3s`, `systemctl` and the like are found in PATH and in the usual directories. For files use the
 * file steps instead (`remove`, not `rm`): those are backed up and taken back by themselves.
 */
export interface RunStep {
	run: Argv
	/** After this long its process group is killed and the step has failed. Default 120. */
	limitSeconds?: number
	/** Exit statuses that count as done. Default `[0]`. */
	exits?: readonly number[]
}

/** Write a whole file, the old content kept as a backup. Never content that was read `<redacted>`. */
export interface WriteStep {
	write: string
	content: string
	/** Permission bits. Default: those of the file that is there; a new one gets 0600 in k3s's folders, else 0644. */
	mode?: number
	/** Default: the owner of the file that is there; a new one is root's. */
	owner?: Owner
}

export type YamlValue = string | number | boolean | readonly string[]

/**
 * Change keys at the top level of a YAML file (k3s's config.yaml, its drop-ins, a kubelet drop-in): comments, order
 * and quoting stay. A key may be written `key+`. A file that does not parse is refused: mend it with `editLines`.
 * A file that is not there is made by `set` and `addTo`.
 */
export interface YamlEditStep {
	edit: string
	set?: Readonly<Record<string, YamlValue>>
	/** Keys that go away whole. */
	remove?: readonly string[]
	/** Items that a list gets at its end, unless it has them; a single value becomes a list. */
	addTo?: Readonly<Record<string, readonly string[]>>
	/** Items that a list (or single value) loses; a key without items left goes away. */
	dropFrom?: Readonly<Record<string, readonly string[]>>
}

/** Change `KEY=VALUE` lines of a systemd environment file such as `/etc/systemd/system/k3s-agent.service.env`. */
export interface EnvEditStep {
	editEnv: string
	set?: Readonly<Record<string, string>>
	remove?: readonly string[]
}

/** One change of a line. The line is named by its whole text, and by its number (from 1) where it stands twice. */
export interface LineChange {
	/** The line as it is, without its line break. Absent: `becomes` is appended at the end. */
	line?: string
	at?: number
	/** The lines that stand there instead; empty: the line goes away. */
	becomes: readonly string[]
}

/** Change lines of any text file: a unit's drop-in, a YAML file that does not parse, fstab, hosts, resolv.conf. */
export interface LineEditStep {
	editLines: string
	changes: readonly LineChange[]
}

/** Rename within one file system, never over something that is there. Files and folders. */
export interface MoveStep {
	move: string
	to: string
}

/** Take a file (or a folder) away; it stays in the backup until that is removed. */
export interface RemoveStep {
	remove: string
	/** No copy is kept, and there is no way back: only for what is removed to gain space. Files only. */
	noBackup?: true
}

/** Change permission bits or owner of a file or folder, not of what is in it. */
export interface PermissionStep {
	setMode: string
	mode?: number
	owner?: Owner
}

/** Copy a file or a folder at this point of the order, e.g. a database after the service was stopped. */
export interface BackupStep {
	backup: string
}

/** Only in `undo`: puts back what a `backup` step (or `Remedy.backup`) copied; what lies there now is moved aside. */
export interface RestoreStep {
	restore: string
}

export interface KubeObject {
	/** Resource as kubectl takes it: `deployment`, `secret`, `jobs.batch`. */
	kind: string
	/** Absent for what has no namespace. */
	namespace?: string
	name: string
}

/** Something done through the Kubernetes API, as `k3s kubectl …`. The object is saved before, where that helps. */
export type KubeAction =
	| { uncordon: string }
	| { cordon: string }
	| { deletePod: { namespace: string; name: string }; force?: true }
	| { delete: KubeObject }
	| { scale: KubeObject; replicas: number }
	/** `kubectl rollout restart` of a deployment, daemonset or statefulset. */
	| { restart: KubeObject }
	| { patch: KubeObject; type: 'merge' | 'json' | 'strategic'; with: unknown }
	| { untaint: string; key: string; effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' }
	/** Value `null` takes the annotation or label away. */
	| { annotate: KubeObject; key: string; value: string | null }
	| { label: KubeObject; key: string; value: string | null }

export interface KubeStep {
	kube: KubeAction
	limitSeconds?: number
}

/** Wait until a condition holds. */
export interface WaitStep {
	waitFor: WaitCondition
	limitSeconds: number
}

export type WaitCondition =
	| { unitActive: string }
	| { unitInactive: string }
	| { portOpen: { host: string; port: number } }
	| { apiReady: true }
	| { nodeReady: string }
	| { pathExists: string }

/** What only a person can do; `commands` are for other hosts or need values that only a person knows. */
export interface TellStep {
	tell: string
	commands?: readonly string[]
}

export type Step =
	| RunStep
	| WriteStep
	| YamlEditStep
	| EnvEditStep
	| LineEditStep
	| MoveStep
	| RemoveStep
	| PermissionStep
	| BackupStep
	| RestoreStep
	| KubeStep
	| WaitStep
	| TellStep

export interface Remedy {
	title: string
	/** Why this helps. */
	why: string
	risk: Risk
	/** What stops working meanwhile, and for how long: `the API for about 20 s; pods go on`. */
	interrupts: string
	/**
	 * What must be so before the first step. A plan with one that is not met is shown and refused. Root's rights,
	 * space for the backup and files that can be edited are looked at for every plan, without being named here.
	 */
	preconditions?: readonly Precondition[]
	steps: Step[]
	/** Paths that are copied before the first step, beside those that the file steps change. For a database that must be stopped first, use a `backup` step. */
	backup?: string[]
	/**
	 * How it is taken back, where that is more than what the doctor does by itself: it restores files with mode and
	 * owner, moves back, and reverses `systemctl start|stop|enable|disable|mask|unmask`, cordon, scale and patch.
	 * So only: commands that reverse other commands, `restore` for a copied database, and `tell`. They run when the
	 * files are back and before units are started again.
	 */
	undo?: Step[]
	/** Asked again afterwards, to see whether it helped. */
	recheck: SourceName[]
}
