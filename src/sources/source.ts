/** A source: one kind of evidence, how to ask a host for it, and how to read it from a bundle. */
import type { Host, RunOptions } from '../host/host.js'
import type { Bundle, NodeFacts, WhyNot } from '../model/bundle.js'
import type { SourceEvidence, SourceName } from '../model/evidence/index.js'
import type { Argv } from '../model/remedy.js'

/** A bundle file that this source wants, and the command that would close the gap when it is missing. */
export interface Want {
	file: string
	askFor: string
	/** An absent program or file is no gap: many healthy nodes do not have it. */
	optional?: boolean
	/** The bundle file that it is made of, where it is not asked for under its own name. */
	madeOf?: string
	/** It is asked only when one of these was answered; else it is not, because `says`. */
	after?: { files: readonly string[]; says: string }
}

/**
 * Asks the host and files each answer in the bundle under its name, with exit status, duration and stderr.
 * The same question asked by two sources is asked once.
 */
export interface Ask {
	readonly host: Host
	readonly node: NodeFacts
	/** How far back the operator wants logs, as journalctl takes it; absent: as far as is sensible. */
	readonly since?: string
	/** Runs `argv`; its standard output becomes the bundle file. Returns it, `undefined` without an answer. */
	run(file: string, argv: Argv, options?: RunOptions): Promise<string | undefined>
	/** Reads a file of the node into `files/<path>`. Secrets in it are masked before they are filed. */
	file(path: string, options?: { maxBytes?: number }): Promise<string | undefined>
	/** Names in a directory of the node; empty when it does not exist. Nothing is filed. */
	names(path: string): Promise<string[]>
	/** Files a text that was made otherwise (probes). */
	put(file: string, text: string, how?: { argv?: readonly string[]; ms?: number }): void
	/** Asks the Kubernetes API for `path` and files the JSON (lists) or text (`readyz.txt`) as `file`. */
	kube(file: string, path: string): Promise<string | undefined>
	/** Records a question that was not asked, because it was clear before that nothing could answer it. */
	skip?(file: string, why: WhyNot, detail: string, argv?: Argv): void
}

export interface Source<N extends SourceName = SourceName> {
	name: N
	/** What a person calls it: `systemd unit`, `disks`. */
	title: string
	/** Without it a verdict on the node is not worth much. */
	matters?: boolean
	wants(node: NodeFacts): Want[]
	collect(ask: Ask): Promise<void>
	/** Pure. `undefined` when the bundle holds nothing of it. Broken input gives less, never an exception. */
	parse(bundle: Bundle): SourceEvidence[N] | undefined
}

/** Keeps the name's type, so that `parse` is checked against its evidence. */
export function source<N extends SourceName>(definition: Source<N>): Source<N> {
	return definition
}
