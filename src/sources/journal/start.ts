/** Builds one start of k3s from its lines. */
import type { EndKind, Message, Milestone, Quote, Start, StartEnd } from '../../model/evidence/index.js'
import { DistinctMessages } from './distinct.js'
import { plainEnd } from './line.js'
import { milestoneOf, rankOf } from './milestones.js'
import { waitReason } from './waiting.js'

/** Milliseconds. */
const lastBreath = 3_000

export class StartBuilder {
	readonly #messages: DistinctMessages
	readonly #file: string
	readonly #index: number
	#beganAt: number
	#lastAt: number
	#truncated: boolean
	readonly #milestones: Start['milestones'] = []
	#pid: number | undefined
	#version: string | undefined
	#role: Start['role']
	#readyAt: number | undefined
	#stoppingAt: number | undefined
	#endedAt: number | undefined
	#result: string | undefined
	#status: string | undefined
	/** Fingerprint of the last word of each kind. */
	readonly #words: Partial<Record<'fatal' | 'shutdown' | 'panic' | 'plain-shutdown' | 'exec', number>> = {}
	/** The last line at level error: the reason of a component that exits without a word of k3s (the kubelet does). */
	#lastError: { key: number; at: number } | undefined
	/** Lines said by k3s itself. */
	#said = 0
	/** systemd has spoken of it. */
	#announced = false

	/** `mostDistinct`: so many messages are kept. */
	constructor(index: number, file: string, at: number, truncated: boolean, mostDistinct?: number) {
		this.#index = index
		this.#file = file
		this.#messages = new DistinctMessages(file, mostDistinct)
		this.#beganAt = at
		this.#lastAt = at
		this.#truncated = truncated
	}

	get ended(): boolean {
		return this.#endedAt !== undefined
	}

	/** Whether this start has logged its version already: another such line is another start. */
	get hasBegun(): boolean {
		return this.#milestones.length > 0
	}

	get pid(): number | undefined {
		return this.#pid
	}

	/** Only helpers have spoken: journald may take what `modprobe` says before systemd's word that the unit starts. */
	get isPrelude(): boolean {
		return this.#said === 0 && !this.#announced
	}

	/** Another word whenever it has come further. */
	get stage(): string {
		return `${this.#milestones.length} ${this.#readyAt} ${this.#endedAt} ${this.#how()}`
	}

	get said(): number {
		return this.#said
	}

	/** A line of k3s, or of a helper program of its unit. */
	say(body: string, index: number, at: number, speaker: string, pid: number | undefined): void {
		this.#lastAt = at
		const message = this.#messages.add(body, index, at, speaker)
		const { key } = message
		// systemd's child says this before it would have become k3s: `(k3s)[315]: … Failed at step EXEC spawning …`.
		if (speaker !== 'k3s' && body.includes(': Failed at step ')) this.#words.exec = key
		if (speaker !== 'k3s' && speaker !== '') return
		this.#said += 1
		if (pid !== undefined) this.#pid ??= pid
		// klog's level is one word with the date, so that it does not tell messages apart.
		if (!message.idle || body.startsWith('F')) {
			const milestone = milestoneOf(body)
			if (milestone) this.#reach(milestone, body, index, at)
			else message.idle = !this.#isLastWord(body, key)
		}
		if (/^E\d{4} |^time="[^"]*" level=error /.test(body)) this.#lastError = { key, at }
	}

	#reach(name: Milestone, body: string, index: number, at: number): void {
		if (name === 'ready') this.#readyAt ??= at
		if (name === 'starting') {
			this.#version ??= /Starting k3s (?:agent )?(v[^\s"]+)/.exec(body)?.[1]
			this.#role ??= body.includes('Starting k3s agent') ? 'agent' : 'server'
		}
		if (this.#milestones.some(milestone => milestone.name === name)) return
		const quote: Quote = {
			file: this.#file,
			line: index + 1,
			text: body.slice(0, 500),
		}
		this.#milestones.push({ name, at, quote })
	}

	/** Remembers what may turn out to be the last word; tells whether this line is such a one. */
	#isLastWord(body: string, key: number): boolean {
		const words = this.#words
		if (body.startsWith('time=')) {
			if (body.includes('level=fatal')) words.fatal = key
			else if (body.includes('msg="Shutdown request received: ')) words.shutdown ??= key
			else if (body.includes('msg="Shutdown request received"')) words['plain-shutdown'] = key
			// Before November 2025 a component's death was told in these words.
			else if (/level=(error|fatal) msg="[a-z-]+ exited: /.test(body)) words.shutdown ??= key
			else return false
		} else if (body.startsWith('panic:') || body.startsWith('fatal error:')) words.panic ??= key
		else if (/^F\d{4} \d\d:/.test(body)) words.fatal = key
		else if (plainEnd.test(body)) words.fatal = key
		else return false
		return true
	}

	/** A line of systemd about this unit. */
	systemd(body: string, index: number, at: number): void {
		this.#lastAt = at
		this.#messages.add(body, index, at, 'systemd')
		this.#announced = true
		if (body.startsWith('Starting ')) {
			this.#truncated = false
			this.#beganAt = at
		}
		if (body.startsWith('Started ')) this.#readyAt ??= at
		else if (body.startsWith('Stopping ')) this.#stoppingAt = at
		else if (body.startsWith('Stopped ') || body.includes(': Deactivated successfully')) this.#endedAt ??= at
		else if (body.startsWith('Failed to start ')) this.#endedAt ??= at
		const status = /: Main process exited, code=\w+, status=(\S+)/.exec(body)?.[1]
		if (status) {
			this.#status = status
			this.#endedAt ??= at
		}
		const result = /: Failed with result '([^']+)'/.exec(body)?.[1]
		if (result) {
			this.#result = result
			this.#endedAt ??= at
		}
	}

	/** The host went down, or another start began: this one is over. */
	close(at: number, reboot: boolean): void {
		if (this.#endedAt !== undefined) return
		this.#endedAt = at
		if (reboot) this.#stoppingAt ??= at
	}

	build(): Start {
		const messages = this.#messages.messages()
		const milestones = [...this.#milestones]
		const furthest = milestones.reduce<Milestone | undefined>(
			(best, milestone) => (rankOf(milestone.name) > rankOf(best) ? milestone.name : best),
			undefined,
		)
		const end = this.#end(messages)
		const waiting = this.#readyAt === undefined && !end ? waitingIn(messages) : undefined
		return {
			index: this.#index,
			beganAt: this.#beganAt,
			lastAt: this.#lastAt,
			truncated: this.#truncated,
			milestones,
			messages,
			...(this.#pid !== undefined && { pid: this.#pid }),
			...(this.#version !== undefined && { version: this.#version }),
			...(this.#role !== undefined && { role: this.#role }),
			...(furthest !== undefined && { furthest }),
			...(this.#readyAt !== undefined && { readyAt: this.#readyAt }),
			...(end && { end }),
			...(waiting && { waiting }),
		}
	}

	#end(messages: readonly Message[]): StartEnd | undefined {
		const { fatal, shutdown, panic, exec } = this.#words
		const at = this.#endedAt
		// k3s's own word comes before systemd notices: a bundle may be taken in between.
		if (at === undefined && fatal === undefined && panic === undefined) return undefined
		const key = fatal ?? panic ?? shutdown ?? exec ?? this.#dyingError(at)
		const lastWord =
			key === undefined ? undefined : messages.find(({ key: other }) => other === key.toString(36))
		return {
			how: this.#how(),
			at: at ?? this.#lastAt,
			...(lastWord && { lastWord }),
			...(this.#result !== undefined && { result: this.#result }),
			...(this.#status !== undefined && { status: this.#status }),
		}
	}

	/** An error of the last seconds before an end with a failing status. */
	#dyingError(at: number | undefined): number | undefined {
		if (at === undefined || !this.#lastError || this.#how() !== 'failed') return undefined
		return at - this.#lastError.at < lastBreath ? this.#lastError.key : undefined
	}

	#how(): EndKind {
		const { fatal, shutdown, panic } = this.#words
		if (fatal !== undefined) return 'fatal'
		if (panic !== undefined) return 'panic'
		if (shutdown !== undefined) return 'shutdown'
		if (this.#status?.endsWith('/EXEC') || this.#result === 'exec-condition') return 'exec'
		if (this.#stoppingAt !== undefined) return 'stopped'
		if (this.#result === 'signal' || this.#result === 'oom-kill' || this.#result === 'core-dump')
			return 'killed'
		if (this.#result === 'watchdog' || /^(9|15|6|11|4)\//.test(this.#status ?? '')) return 'killed'
		if (this.#result !== undefined && this.#result !== 'success') return 'failed'
		// An info "Shutdown request received" that nobody asked for, or an end without any word.
		return this.#words['plain-shutdown'] !== undefined ? 'failed' : 'stopped'
	}
}

/** Reasons that stand in every slow start: they are told only when no other loop is there. */
const lesser = /^Polling for API server|^Waiting for containerd startup|^Failed to test etcd connection/

function waitingIn(messages: readonly Message[]): Start['waiting'] {
	let best: Start['waiting']
	for (const message of messages) {
		const reason = waitReason(message.lastText)
		if (reason === undefined) continue
		const outranks =
			!best ||
			(lesser.test(best.message.text) && !lesser.test(message.text)) ||
			(lesser.test(best.message.text) === lesser.test(message.text) &&
				message.lastIndex > best.message.lastIndex)
		if (outranks) best = { message, reason }
	}
	return best
}
