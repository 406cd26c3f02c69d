/** Lines as programs write them to their logs. */

/** k3s and containerd, `more` being further fields as they stand. */
export const logrus = (level: string, text: string, at = '2026-11-21T04:00:00Z', more = '') =>
	`time="${at}" level=${level} msg=${JSON.stringify(text)}${more && ` ${more}`}`

interface Klog {
	level?: string
	/** Month, day, time. */
	at?: string
	pid?: number
	place?: string
}

/** The kubelet and the other parts of Kubernetes. */
export const klog = (
	text: string,
	{ level = 'E', at = '1121 04:00:00.000000', pid = 700, place = 'kubelet.go:1' }: Klog = {},
) => `${level}${at} ${String(pid).padStart(7)} ${place}] ${text}`

interface Zap {
	at?: string
	caller?: string
}

/** etcd. */
export const zap = (
	level: string,
	msg: string,
	fields: Record<string, unknown> = {},
	{ at = '2026-11-21T04:00:05.000Z', caller = 'etcdserver/server.go:120' }: Zap = {},
) => JSON.stringify({ level, ts: at, caller, msg, ...fields })
