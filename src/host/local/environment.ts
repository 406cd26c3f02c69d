/** The environment that programs run in: the same whoever calls, so that their output can be read. */

/** `sudo` and cron leave out the sbin directories; k3s goes to /opt/bin where /usr is read-only. */
const programs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', '/opt/bin']

/** What a program may need to know of its caller. Proxies, KUBECONFIG, K3S_* and pagers are none of it. */
const passedOn = ['HOME', 'USER', 'LOGNAME', 'XDG_RUNTIME_DIR']

/** Absolute directories only: an empty or relative entry is whatever directory the operator stands in. */
function searchPath(path: string | undefined): string {
	const given = (path ?? '').split(':').filter(dir => dir.startsWith('/'))
	return [...new Set([...given, ...programs])].join(':')
}

export function programEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
	const environment: Record<string, string> = {
		PATH: searchPath(from.PATH),
		LC_ALL: 'C.UTF-8',
		LANG: 'C.UTF-8',
		TERM: 'dumb',
		NO_COLOR: '1',
		SYSTEMD_PAGER: '',
		SYSTEMD_COLORS: '0',
		SYSTEMD_URLIFY: '0',
	}
	for (const name of passedOn) {
		const value = from[name]
		if (value !== undefined) environment[name] = value
	}
	return environment
}
