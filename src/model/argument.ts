/**
 * Grammars for values that come from evidence and go into a command or a path. A value that does not fit is
 * `undefined`, and the remedy that wanted it tells instead of running: nothing from a log becomes an option,
 * another path or another command.
 */

function fits(value: string | undefined, grammar: RegExp, longest: number): string | undefined {
	return value !== undefined && value.length > 0 && value.length <= longest && grammar.test(value)
		? value
		: undefined
}

/** An absolute path of ordinary characters, without `..`. */
export function pathArgument(value: string | undefined): string | undefined {
	const path = fits(value, /^\/[A-Za-z0-9._+@:%,=~/ -]*$/, 1024)
	return path?.split('/').includes('..') ? undefined : path
}

/** A systemd unit name such as `k3s.service`, `getty@tty1.service`. */
export function unitArgument(value: string | undefined): string | undefined {
	return fits(value, /^[A-Za-z0-9:_.@\\-]+\.(service|timer|socket|target|mount)$/, 255)?.match(/^[A-Za-z0-9]/)
		? value
		: undefined
}

/** A Kubernetes object name (RFC 1123 subdomain), e.g. of a node, pod or namespace. */
export function kubeNameArgument(value: string | undefined): string | undefined {
	return fits(value, /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 253)
}

/** A host name or an IP address. */
export function hostArgument(value: string | undefined): string | undefined {
	return (
		fits(value, /^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/, 253) ?? fits(value, /^::[0-9A-Fa-f:.]*$/, 45)
	)
}

/** A port number. */
export function portArgument(value: number | string | undefined): string | undefined {
	const port = Number(value)
	return Number.isInteger(port) && port >= 1 && port <= 65535 ? String(port) : undefined
}

/** An https or http URL without credentials or blanks. */
export function urlArgument(value: string | undefined): string | undefined {
	return fits(value, /^https?:\/\/[A-Za-z0-9.:[\]_-]+(\/[A-Za-z0-9._~/%-]*)?$/, 2048)
}

/** A container image reference. */
export function imageArgument(value: string | undefined): string | undefined {
	return fits(value, /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/, 512)
}

/** A network interface name. */
export function interfaceArgument(value: string | undefined): string | undefined {
	return fits(value, /^[A-Za-z0-9][A-Za-z0-9._@-]*$/, 15)
}
