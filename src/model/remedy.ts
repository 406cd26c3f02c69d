import type { SourceName } from './evidence/index.js'

export type Risk = 'safe' | 'restart' | 'destructive'

/** argv, never a shell string: nothing from a log can become another command. */
export type Argv = readonly [string, ...string[]]

export type Step =
	| { run: Argv; limitSeconds?: number }
	/** Write a whole file, old content kept as a backup. */
	| { write: string; content: string; mode?: number }
	/** Set or remove a key of a YAML configuration file; comments, order and quoting stay. */
	| { edit: string; set?: Record<string, string | string[] | boolean>; remove?: string[] }
	| { move: string; to: string }
	| { remove: string }
	/** Wait until a condition holds. */
	| { waitFor: WaitCondition; limitSeconds: number }
	/** What only a person can do; `commands` are for other hosts or need values that only a person knows. */
	| { tell: string; commands?: readonly string[] }

export type WaitCondition =
	| { unitActive: string }
	| { portOpen: { host: string; port: number } }
	| { apiReady: true }
	| { nodeReady: string }

export interface Remedy {
	title: string
	/** Why this helps. */
	why: string
	risk: Risk
	/** What stops working meanwhile, and for how long: `the API for about 20 s; pods go on`. */
	interrupts: string
	steps: Step[]
	/** Paths that are copied before anything is changed. */
	backup?: string[]
	/** How it is taken back. */
	undo?: Step[]
	/** Asked again afterwards, to see whether it helped. */
	recheck: SourceName[]
}
