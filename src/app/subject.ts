/** What is on the table: an examined node, and how far its examination has come. */
import type { Bundle } from '../model/bundle.js'
import type { DiagnosisCause } from '../model/diagnosis.js'
import type { Evidence, SourceName } from '../model/evidence/index.js'
import type { Report, Verdict } from '../model/report.js'

/** A bundle, what was read from it, and what the doctor makes of it. */
export interface Subject {
	bundle: Bundle
	evidence: Evidence
	report: Report
}

export type StepState = 'waiting' | 'asking' | 'answered' | 'unanswered'

/** One source on its way: what is asked, and what came back. */
export interface SourceStep {
	source: SourceName
	/** What a person calls it: `systemd unit`, `disks`. */
	title: string
	/** What is being asked, as short as it goes: the commands or files. */
	asked: string
	state: StepState
	/** How long it took. */
	ms?: number
	/** What came back, or why nothing did. */
	says?: string
}

export interface Exam {
	phase: 'asking' | 'done' | 'failed'
	steps: readonly SourceStep[]
	/** 1 for the first look, 2 after the first `R`. */
	round: number
	/** Seconds since this round began; moves only while asking. */
	seconds: number
	/** Why there is no report. */
	error?: string
}

/** What is different from the look before. */
export interface Change {
	/** When the look before was taken, ISO 8601. */
	since: string
	fresh: readonly DiagnosisCause[]
	gone: readonly string[]
	before: Verdict
	now: Verdict
}

/** A diagnosis that somebody put aside, and who, when and why. */
export interface Suppression {
	cause: DiagnosisCause
	who: string
	/** ISO 8601, UTC. */
	when: string
	why: string
}
