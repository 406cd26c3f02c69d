/**
 * Kinds of nodes: why a rule has nothing to look for on this one. Only what is known for sure counts; what was not
 * answered leaves the rule to its signs.
 */
import { configValue, configValues, type Evidence } from '../src/rule.js'
import { flannelBackend } from './network/cluster-networks.js'

type NotFor = (evidence: Evidence) => string | undefined

const names: Record<string, string> = {
	sqlite: 'SQLite',
	etcd: 'embedded etcd',
	mysql: 'an external MySQL or MariaDB',
	postgres: 'an external PostgreSQL',
	'external-etcd': 'an external etcd',
	nats: 'NATS',
}

export const withoutSystemd: NotFor = ({ node }) =>
	node.init === 'systemd'
		? undefined
		: `${node.init === 'openrc' ? 'OpenRC runs this host' : 'no service manager runs here'}, not systemd`

export const withoutEtcd: NotFor = ({ datastore, config }) =>
	datastore &&
	datastore.kind !== 'etcd' &&
	datastore.kind !== 'unknown' &&
	!datastore.etcd &&
	configValue(config, 'cluster-init') === undefined
		? `the datastore is ${names[datastore.kind]}`
		: undefined

export const withoutSqlite: NotFor = ({ datastore }) =>
	datastore && datastore.kind !== 'sqlite' && datastore.kind !== 'unknown' && !datastore.sqlite
		? `the datastore is ${names[datastore.kind]}`
		: undefined

export const withoutEndpoint: NotFor = ({ datastore, config }) =>
	datastore && (datastore.kind === 'sqlite' || datastore.kind === 'etcd') && !datastore.endpoint && config
		? `the datastore is ${names[datastore.kind]}, on this host`
		: undefined

export const withoutDocker: NotFor = ({ config }) =>
	config && configValue(config, 'docker') !== 'true' ? 'k3s runs its own containerd, not Docker' : undefined

export const withoutFlannel: NotFor = evidence =>
	flannelBackend(evidence) === 'none' ? 'flannel is switched off; another CNI was meant' : undefined

/** An add-on that the configuration leaves out. */
export const withoutAddOn =
	(name: string): NotFor =>
	({ config }) =>
		configValues(config, 'disable').some(value =>
			value
				.split(',')
				.map(one => one.trim())
				.includes(name),
		)
			? `${name} is disabled`
			: undefined

/** A part that a flag of its own switches off. */
export const switchedOff =
	(flag: string, what: string): NotFor =>
	({ config }) =>
		configValue(config, flag) === 'true' ? `${what} is switched off (${flag})` : undefined

/** A part that works only where a flag of the server asks for it. */
export const notAskedFor =
	(flag: string, what: string): NotFor =>
	({ config, node }) =>
		node.role === 'server' && config && configValue(config, flag) === undefined
			? `${what} is not in use`
			: undefined

export const withoutSelinux: NotFor = ({ kernel }) =>
	kernel?.selinux === 'Disabled' ? 'SELinux is disabled' : undefined

export const withoutNetworkManager: NotFor = ({ units }) =>
	units?.all.some(({ id, loadState }) => id === 'NetworkManager.service' && loadState === 'not-found')
		? 'NetworkManager is not on this host'
		: undefined
