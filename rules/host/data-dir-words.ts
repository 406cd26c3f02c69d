/** What k3s says when a part of its data directory cannot be used. */

/** Reasons that are a full, read-only or failing disk, or too few open files. */
export const elsewhere =
	/no space left|read-only file system|input\/output error|quota exceeded|too many open files/i

export const failures: readonly [RegExp, string][] = [
	// A damaged archive is the binary's fault, half a file is a full disk's.
	[
		/extracting data: (?!error extracting|tar error|only wrote)[^\n]{0,300}/,
		'k3s cannot unpack its programs into the data directory',
	],
	[/can not (?:mkdir|chdir) [^\n]{0,300}/, "k3s cannot make or enter the server's directory"],
	[/unable to open database file/, 'the database file cannot be opened'],
	[/reconcile failed to (?:open|read|stat)/, 'a file below server/tls or server/cred cannot be read'],
	[
		/failed to generate server dependencies: [^\n]{0,300}(?:permission denied|no such file|not a directory)/,
		'a file of the server is missing or cannot be read',
	],
	[/password file [^\n]{0,300}must have at least/, 'the file cred/passwd is damaged or empty'],
	[/cluster reset failed to (?:stat|back up)/, 'the directory with the certificates cannot be read'],
	[
		/failed to create static pod manifest dir|(?:prepare|generate) (?:default|user) (?:kubelet )?configuration drop-ins?/,
		"the agent's directory cannot be written",
	],
	[
		/error (?:loading key from|writing key to) [^\n]{0,300}(?:permission denied|not permitted|is a directory|not a directory)/,
		'a key file cannot be read or written',
	],
	[
		/cannot access data directory|failed to stat MVCC KV store backend path/,
		"etcd's directory cannot be used",
	],
	[
		/failed to (?:stage files|read server CA|read \/\S{1,300}\.crt)[^\n]{0,300}(?:permission denied|not permitted|not a directory|no such file)/,
		'a file of the server cannot be read or written',
	],
	[/attempt to write a readonly database/, 'the database file cannot be written'],
]

/** Something on the way to a file that is neither there nor ordinary. */
export const barrier =
	/(?:mkdir|open|stat|lstat|chdir|readlink|rename|symlink|remove|unlinkat) (?<path>\/[^\s:"]{1,300}): (?<why>permission denied|not a directory|is a directory|file exists|too many levels of symbolic links|stale (?:NFS )?file handle|operation not permitted|no such file or directory)/
