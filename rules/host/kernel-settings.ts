/** Kernel settings that the kubelet may be told to demand instead of setting them itself. */
import { configValue, configValues, type Evidence } from '../../src/rule.js'

/** What the kubelet demands with protect-kernel-defaults. */
export const demanded: Readonly<Record<string, string>> = {
	'vm.panic_on_oom': '0',
	'vm.overcommit_memory': '1',
	'kernel.panic': '10',
	'kernel.panic_on_oops': '1',
}

export const invalidFlag = /[Ii]nvalid kernel flag: (?<flag>[\w/.-]{1,60})/

export function isProtected({ config }: Evidence): boolean {
	return (
		configValue(config, 'protect-kernel-defaults') === 'true' ||
		configValues(config, 'kubelet-arg').some(value => /^-*protect-kernel-defaults(?:=true)?$/.test(value))
	)
}

export function differing({ kernel }: Evidence): string[] {
	return Object.entries(demanded)
		.filter(([name, value]) => {
			const now = kernel?.sysctl.get(name)
			return now !== undefined && now !== value
		})
		.map(([name]) => name)
}
