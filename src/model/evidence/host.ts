/** The host under k3s: disks, memory, kernel, processes, clock. Sizes in bytes, times in epoch milliseconds. */
import type { Quote } from './journal.js'

export interface Filesystem {
	source: string
	type: string
	mount: string
	size: number
	used: number
	available: number
	/** 0–100, as df rounds it. */
	usedPercent: number
	/** Absent where the file system does not count them. */
	inodes?: { total: number; used: number; free: number; quote?: Quote }
	quote: Quote
}

export interface Mount {
	target: string
	source: string
	type: string
	options: string[]
}

export interface DiskEvidence {
	filesystems: Filesystem[]
	mounts: Mount[]
}

export interface MemoryEvidence {
	total: number
	available: number
	swapTotal: number
	swapFree: number
	/** Swap devices in use. */
	swaps: { name: string; size: number; used: number }[]
	/** Share of time (percent, 10 s and 300 s mean) in which some/all tasks waited: /proc/pressure. */
	pressure: Partial<
		Record<'cpu' | 'io' | 'memory', { some10: number; some300: number; full10: number; full300: number }>
	>
	load?: [number, number, number]
	cpus?: number
}

export interface KernelEvidence {
	release: string
	arch: string
	/** sysctl name -> value. */
	sysctl: ReadonlyMap<string, string>
	cgroup: {
		/** 2: unified hierarchy on /sys/fs/cgroup; 1: legacy or hybrid. `undefined`: could not tell. */
		version?: 1 | 2
		/** Controller -> enabled, from /proc/cgroups (v1) or cgroup.controllers (v2). */
		controllers: ReadonlyMap<string, boolean>
	}
	cmdline?: string
	/** Loaded modules, absent when /proc/modules could not be read (also on kernels without modules). */
	modules?: ReadonlySet<string>
	bootId?: string
	uptimeSeconds?: number
	/** `getenforce`: Enforcing, Permissive, Disabled. */
	selinux?: string
	os: { id?: string; pretty?: string; version?: string }
}

export interface Process {
	pid: number
	ppid: number
	user: string
	stat: string
	startedAt?: number
	elapsedSeconds: number
	rss: number
	cpuPercent: number
	args: string
}

export interface ClockEvidence {
	/** The node's own time when the bundle was taken. */
	now: number
	timezone?: string
	ntpEnabled?: boolean
	synchronized?: boolean
	/** Offset in seconds that chrony measured: positive means that the system clock is ahead. */
	offsetSeconds?: number
}

export type FileType = 'file' | 'dir' | 'link' | 'socket' | 'other'

export interface ListedFile {
	path: string
	type: FileType
	/** Permission bits, e.g. 0o600. */
	mode: number
	uid: number
	gid: number
	size: number
	modifiedAt: number
	target?: string
	quote: Quote
}

export interface FilesEvidence {
	/** Every listed path. */
	listed: ReadonlyMap<string, ListedFile>
	/** The directories that were listed, down to `depth` levels. */
	roots: string[]
	/** Roots that do not exist on the node. */
	missingRoots: string[]
	/** Directories that could not be entered (permission). */
	denied: string[]
	depth: number
	/** Contents of files that the bundle holds: absolute path -> text. */
	texts: ReadonlyMap<string, string>
}
