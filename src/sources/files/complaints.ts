/** What find said on standard error: which roots do not exist, which directories it could not enter. */

export interface Complaints {
	missing: string[]
	denied: string[]
	/** The beginning is gone: only the last 4 kB are kept. */
	cut: boolean
}

const complaint = /^find: (?:[‘'"`](.{1,4096}?)[’'"]|(\/[^:]{0,4096})): (.{1,200})$/

export function readComplaints(stderr: string | undefined, roots: readonly string[]): Complaints {
	const complaints: Complaints = { missing: [], denied: [], cut: false }
	const lines = (stderr ?? '').split('\n').filter(line => line !== '')
	for (const [index, line] of lines.entries()) {
		const parts = complaint.exec(line)
		const path = parts?.[1] ?? parts?.[2]
		if (path === undefined) {
			if (index === 0 && !line.startsWith('find:')) complaints.cut = true
			continue
		}
		if (/^No such file or directory/.test(parts?.[3] ?? '')) {
			// Below a root it is a file that went away while find looked.
			if (roots.includes(path)) complaints.missing.push(path)
		} else complaints.denied.push(path)
	}
	if ((stderr ?? '').length >= 4000) complaints.cut = true
	return complaints
}
