/** Versions, and the configuration as k3s merges it. */
import { cell, span } from '../../line.js'
import { factRow, type Section, tableRow, withFile } from './section.js'

export const versions: Section = {
	id: 'versions',
	title: 'Versions',
	summary: ({ k3s, kernel }) => {
		if (!k3s && !kernel) return undefined
		const { version, runningVersion } = k3s ?? {}
		const differ = version !== undefined && runningVersion !== undefined && version !== runningVersion
		const says = [
			version ? `k3s ${version}` : k3s?.versionError ? 'k3s does not tell its version' : '',
			differ ? `but ${runningVersion} runs` : '',
			kernel?.release ? `Linux ${kernel.release}` : '',
		].filter(Boolean)
		return { says: says.join(', ') || 'not known', ...(differ && { tone: 'warn' as const }) }
	},
	rows: ({ k3s, kernel, runtime, api, firewall, cluster }) => {
		const self = cluster?.self
		const facts: [string, string | undefined][] = [
			['k3s on disk', k3s?.version],
			['k3s that runs', k3s?.runningVersion],
			['API server', api?.serverVersion],
			['kubelet', self?.kubeletVersion],
			['container runtime', runtime?.version ?? self?.runtime],
			['operating system', kernel?.os.pretty],
			['kernel', kernel?.release],
			['architecture', kernel?.arch],
			['iptables', firewall?.iptablesVersion],
		]
		const error = k3s?.versionError
		const { failed = [], warnings = [] } = k3s?.checkConfig ?? {}
		return [
			...facts.flatMap(([name, value]) => (value ? [factRow(name, value)] : [])),
			...(error
				? [factRow('k3s --version', error.stderr || `exit ${error.exit ?? '?'}`, { tone: 'warn' })]
				: []),
			...failed.map(text => factRow('missing', text, { group: 'k3s check-config', tone: 'warn' })),
			...warnings.map(text => factRow('optional', text, { group: 'k3s check-config' })),
		]
	},
}

const origins = { file: 'file', unit: 'unit', environment: 'environment' }

export const configuration: Section = {
	id: 'configuration',
	title: 'Configuration',
	summary: ({ config }) => {
		if (!config) return undefined
		const { values, files, problems } = config
		const [problem] = problems
		if (problem) return { says: `${problem.file}: ${problem.message}`, tone: 'bad' }
		const from = files.length > 0 ? ` from ${files.join(', ')}` : ''
		return { says: values.size > 0 ? `${values.size} values${from}` : 'nothing but defaults' }
	},
	rows: ({ config }, subject) => {
		if (!config) return []
		const { values, problems, environment, args, files } = config
		return [
			...problems.map(({ file, line, message }) =>
				factRow(`${file}${line ? `:${line}` : ''}`, message, {
					group: 'Problems',
					tone: 'bad',
					...withFile(subject, file, line),
				}),
			),
			...[...values]
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([name, { values: given, origin }]) => {
					const from = `${origins[origin.kind]} ${origin.file}${origin.line ? `:${origin.line}` : ''}`
					return tableRow(
						`value ${name}`,
						`${name} ${given.join(' ')} ${from}`,
						width => ({
							left: [cell(name, Math.min(30, width >> 1)), span(given.join(', '))],
							right: width >= 70 ? [span(from, 'faint')] : [],
						}),
						{ group: 'As k3s merges it', ...withFile(subject, origin.file, origin.line) },
					)
				}),
			...(args.length > 0 ? [factRow('arguments', args.join(' '), { group: 'Where it comes from' })] : []),
			...files.map(file =>
				factRow('file', file, { group: 'Where it comes from', ...withFile(subject, file) }),
			),
			...[...environment].map(([name, value]) =>
				factRow(name, value, { group: 'Environment of the service' }),
			),
		]
	},
}
