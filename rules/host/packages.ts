/** Packages by the names that the distributions give them. */
import type { KernelEvidence } from '../../src/rule.js'

export interface PackageNames {
	apt: string
	dnf: string
	zypper: string
	apk: string
}

const managers: readonly [RegExp, keyof PackageNames, string][] = [
	[/^(?:debian|ubuntu|raspbian|linuxmint|pop|kali)$/, 'apt', 'apt-get install -y'],
	[/^(?:rhel|centos|rocky|almalinux|fedora|ol|amzn)$/, 'dnf', 'dnf install -y'],
	[/^(?:sles|sle-micro|sl-micro|opensuse.*)$/, 'zypper', 'zypper install -y'],
	[/^alpine$/, 'apk', 'apk add'],
]

/** The command for this host's distribution, or that of each where it is not known. */
export function installCommands(kernel: KernelEvidence | undefined, names: PackageNames): string[] {
	const id = kernel?.os.id ?? ''
	const own = managers.filter(([pattern]) => pattern.test(id))
	return (own.length > 0 ? own : managers).map(([, manager, command]) => `${command} ${names[manager]}`)
}
