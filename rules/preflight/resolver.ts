import { check, fail, pass, unseen, warn } from '../../src/check.js'

const loopback = /^(?:127\.|::1$)/

export default check({
	id: 'resolver',
	list: 'preflight',
	title: 'Names resolve',
	explain:
		"k3s needs names for registries and servers, and CoreDNS hands what it does not know to the host's resolvers. A resolver on a loopback address cannot be reached from pods; k3s then takes 8.8.8.8 unless systemd-resolved names better ones.",
	docs: ['https://docs.k3s.io/advanced', 'https://docs.k3s.io/cli/agent'],
	needs: ['names'],
	look: ({ names }, { more }) => {
		const servers = names.resolv?.nameservers ?? []
		const quote = { file: 'files/etc/resolv.conf', text: servers[0] ?? '' }
		const seen = { source: 'names' as const, quote }
		const tried = more.preflight?.egress[0]?.port
		const failed = [...names.lookups].filter(([name, found]) => found.length === 0 && name !== names.hostname)
		const unanswered = (names.unanswered ?? []).filter(name => name !== names.hostname)
		if (names.resolv === undefined)
			return unseen('/etc/resolv.conf could not be read', ['cat /etc/resolv.conf'])
		if (servers.length === 0)
			return warn('/etc/resolv.conf names no resolver: only what stands in /etc/hosts resolves', {
				...seen,
				do: [
					{
						tell: 'Where the host has a network with names:',
						commands: ['resolvectl status', 'nmcli dev show | grep DNS'],
					},
				],
			})
		const onlyLoopback =
			servers.every(server => loopback.test(server)) &&
			(names.resolved?.nameservers ?? []).filter(server => !loopback.test(server)).length === 0
		const many =
			servers.length > 3 && warn(`${servers.length} resolvers, of which only the first three are used`, seen)
		const local =
			onlyLoopback &&
			warn(`${servers.join(', ')} is this host itself: CoreDNS would take 8.8.8.8 instead`, {
				...seen,
				do: [
					{
						tell: 'Write the real resolvers into a file, and name it in /etc/rancher/k3s/config.yaml (resolv-conf: /etc/k3s-resolv.conf):',
						commands: ["echo 'nameserver ADDRESS' > /etc/k3s-resolv.conf"],
					},
				],
			})
		const trouble = [
			...failed.map(([name]) =>
				fail(`${name} does not resolve`, {
					source: 'names',
					do: [{ tell: 'Ask for it:', commands: ['resolvectl query NAME', 'getent hosts NAME'] }],
				}),
			),
			...unanswered.map(name => fail(`no resolver answers for ${name}`, { source: 'names' })),
		]
		if (trouble.length > 0 || local || many) return [...trouble, local, many]
		const list = servers.join(', ')
		if (tried === undefined) return pass(`${list}; no name of the internet was tried`, seen)
		const ask = [`getent hosts ${tried.host}`]
		// A connection was tried, so there was an address.
		if (tried.result === 'open' || tried.result === 'refused')
			return pass(`${list} knows ${tried.host}`, seen)
		if (tried.result === 'unresolved')
			return warn(`${list} does not know ${tried.host}: names of the internet do not resolve`, {
				...seen,
				do: [{ tell: 'In an airgapped network that is as it should be. Otherwise:', commands: ask }],
			})
		return unseen(`${list}; there was no answer in time as to whether ${tried.host} resolves`, ask)
	},
})
