import type { Bundle, Entry, NodeFacts } from '../model/bundle.js'
import { answer, entryOf } from '../model/bundle.js'
import type { K3sEvidence } from '../model/evidence/index.js'
import type { Argv } from '../model/remedy.js'
import { dataDirFlag } from './data-dir.js'
import { optional } from './field.js'
import { readCheckConfig } from './k3s/check-config.js'
import { lastStarted } from './k3s/running.js'
import { ownJournal } from './own-journal.js'
import { type Ask, source, type Want } from './source.js'

const versionFile = 'commands/k3s-version.txt'
const checkFile = 'commands/k3s-check-config.txt'
const snapshotsFile = 'commands/k3s-etcd-snapshot-ls.txt'

function versionError(entry: Entry | undefined): K3sEvidence['versionError'] {
	if (!entry || (entry.exit === undefined && entry.stderr === undefined)) return undefined
	return { ...optional('exit', entry.exit), stderr: (entry.stderr ?? '').slice(-2000) }
}

function parse(bundle: Bundle): K3sEvidence | undefined {
	const told = answer(bundle, versionFile)
	const version = /^k3s version (v\d[\w.+-]{0,60})/m.exec(told?.slice(0, 4096) ?? '')?.[1]
	const error = version === undefined ? versionError(entryOf(bundle, versionFile)) : undefined
	const running = lastStarted(ownJournal(bundle))
	const check = readCheckConfig(answer(bundle, checkFile))
	if (!version && !error && !running && !check) return undefined
	return {
		...optional('version', version),
		...optional('runningVersion', running),
		...optional('versionError', error),
		...optional('checkConfig', check),
	}
}

function wants({ role }: NodeFacts): Want[] {
	const common: Want[] = [
		{ file: versionFile, askFor: 'k3s --version', optional: true },
		{ file: checkFile, askFor: 'k3s check-config', optional: true },
	]
	// Without embedded etcd, or while it is down, there is no list.
	return role === 'agent'
		? common
		: [...common, { file: snapshotsFile, askFor: 'k3s etcd-snapshot ls', optional: true }]
}

async function collect(ask: Ask): Promise<void> {
	const questions = [
		ask.run(versionFile, ['k3s', '--version'], { limitSeconds: 10 }),
		ask.run(checkFile, ['k3s', 'check-config'], { limitSeconds: 15 }),
	]
	if (ask.node.role !== 'agent') {
		const argv: Argv = ['k3s', 'etcd-snapshot', 'ls', ...dataDirFlag(ask.node)]
		questions.push(ask.run(snapshotsFile, argv, { limitSeconds: 10 }))
	}
	await Promise.all(questions)
}

export const k3s = source({ name: 'k3s', title: 'k3s version and checks', wants, collect, parse })
