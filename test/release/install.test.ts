/** install.sh under the shells that nodes have, with a stand-in for the executable. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../../.ci/install.sh', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'k3s-doctor-install-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const names = ['k3s-doctor-linux-amd64', 'k3s-doctor-linux-arm64']
const shells = [['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
	([name = '']) => spawnSync(name, ['-c', 'true']).error === undefined,
)
const hasShellcheck = spawnSync('shellcheck', ['--version']).error === undefined
const isRoot = process.getuid?.() === 0

/** A folder as somebody copied it to the node: the script, two executables that say a version, their sums. */
function delivery(version = '1.2.3'): string {
	const folder = mkdtempSync(join(scratch, 'from-'))
	copyFileSync(script, join(folder, 'install.sh'))
	const sums = names.map(name => {
		const text = `#!/bin/sh\n# ${name}\necho ${version}\n`
		writeFileSync(join(folder, name), text, { mode: 0o644 })
		return `${createHash('sha256').update(text).digest('hex')}  ${name}\n`
	})
	writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''))
	return folder
}

/** A folder to stand first in PATH, whose `uname -m` says this. */
function machine(says: string): string {
	const folder = mkdtempSync(join(scratch, 'path-'))
	writeFileSync(join(folder, 'uname'), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 })
	return folder
}

interface How {
	shell?: readonly string[]
	args?: readonly string[]
	bin?: string
	uname?: string
	uid?: number
}

function install(folder: string, { shell = ['sh'], args = [], bin, uname = 'x86_64', uid }: How = {}) {
	const [file = 'sh', ...first] = shell
	const { status, stdout, stderr } = spawnSync(file, [...first, join(folder, 'install.sh'), ...args], {
		encoding: 'utf8',
		cwd: '/',
		env: {
			PATH: `${machine(uname)}:${process.env.PATH}`,
			...(bin !== undefined && { INSTALL_K3S_DOCTOR_BIN_DIR: bin }),
		},
		...(uid !== undefined && { uid }),
	})
	return { status, stdout, stderr }
}

const newBin = () => join(mkdtempSync(join(scratch, 'to-')), 'bin')

describe.each(shells)('install.sh with %s', (...shell) => {
	it('installs, replaces, and is gone without a trace', () => {
		const bin = newBin()
		const first = install(delivery('1.2.3'), { shell, bin })
		expect(first).toMatchObject({ status: 0, stderr: '' })
		expect(first.stdout).toContain(`Version 1.2.3 is in ${bin}.`)
		expect(spawnSync(join(bin, 'k3s-doctor'), { encoding: 'utf8' }).stdout).toBe('1.2.3\n')
		expect(install(delivery('1.3.0'), { shell, bin }).stdout).toContain('Version 1.3.0')
		expect(readdirSync(bin).sort()).toEqual(['k3s-doctor', 'k3s-doctor-uninstall.sh'])
		const [file = 'sh', ...args] = shell
		expect(spawnSync(file, [...args, join(bin, 'k3s-doctor-uninstall.sh')]).status).toBe(0)
		expect(readdirSync(bin)).toEqual([])
		install(delivery(), { shell, bin })
		expect(install(delivery(), { shell, bin, args: ['uninstall'] }).status).toBe(0)
		expect(readdirSync(bin)).toEqual([])
		expect(install(delivery(), { shell, bin, args: ['uninstall'] }).stdout).toContain('It is not in')
	})

	it('takes the executable of this machine, and refuses where there is none', () => {
		const bin = newBin()
		expect(install(delivery(), { shell, bin, uname: 'aarch64' }).status).toBe(0)
		expect(readFileSync(join(bin, 'k3s-doctor'), 'utf8')).toContain('linux-arm64')
		const other = install(delivery(), { shell, bin: newBin(), uname: 'armv7l' })
		expect(other.status).toBe(1)
		expect(other.stderr).toContain('no executable for this machine (armv7l)')
		expect(other.stderr).toContain('node k3s-doctor.cjs')
	})

	it('refuses what is damaged or was not copied, and changes nothing', () => {
		const bin = newBin()
		install(delivery('1.0.0'), { shell, bin })
		const damaged = delivery('6.6.6')
		writeFileSync(join(damaged, names[0] ?? ''), '#!/bin/sh\necho 6.6.6 \n')
		const unnamed = delivery('6.6.6')
		writeFileSync(join(unnamed, 'SHA256SUMS'), `${'0'.repeat(64)}  something-else\n`)
		const without = (name: string) => {
			const folder = delivery('6.6.6')
			rmSync(join(folder, name))
			return folder
		}
		for (const [folder, says] of [
			[damaged, 'is damaged'],
			[unnamed, 'does not name'],
			[without('SHA256SUMS'), 'SHA256SUMS must lie in'],
			[without(names[0] ?? ''), 'k3s-doctor-linux-amd64 must lie in'],
		] as const) {
			const { status, stderr } = install(folder, { shell, bin })
			expect([status, stderr]).toEqual([1, expect.stringContaining(says)])
			expect(spawnSync(join(bin, 'k3s-doctor'), { encoding: 'utf8' }).stdout).toBe('1.0.0\n')
		}
		expect(readdirSync(bin).sort()).toEqual(['k3s-doctor', 'k3s-doctor-uninstall.sh'])
	})

	it('refuses an executable that does not run here', () => {
		const folder = delivery()
		const text = '#!/nowhere/ld-linux\n'
		writeFileSync(join(folder, names[0] ?? ''), text)
		writeFileSync(
			join(folder, 'SHA256SUMS'),
			`${createHash('sha256').update(text).digest('hex')}  ${names[0]}\n`,
		)
		const bin = newBin()
		const { status, stderr } = install(folder, { shell, bin })
		expect([status, stderr]).toEqual([1, expect.stringContaining('does not run here')])
		expect(readdirSync(bin)).toEqual([])
	})
})

describe('install.sh', () => {
	it.skipIf(!isRoot)('says that root is needed, and leaves a full disk as it was', () => {
		const bin = newBin()
		mkdirSync(bin, { mode: 0o755 })
		const folder = delivery()
		for (const path of [scratch, join(bin, '..'), folder]) chmodSync(path, 0o755)
		const nobody = install(folder, { bin, uid: 65534 })
		expect([nobody.status, nobody.stderr]).toEqual([1, expect.stringContaining('Run this as root')])

		const full = join(scratch, 'full')
		mkdirSync(full)
		if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', full]).status !== 0) return
		try {
			install(delivery('1.0.0'), { bin: full })
			const big = delivery('2.0.0')
			const text = `#!/bin/sh\necho 2.0.0\n${'#'.repeat(64_000)}\n`
			writeFileSync(join(big, names[0] ?? ''), text)
			const sum = createHash('sha256').update(text).digest('hex')
			writeFileSync(join(big, 'SHA256SUMS'), `${sum}  ${names[0]}\n`)
			const { status, stderr } = install(big, { bin: full })
			expect([status, stderr]).toEqual([1, expect.stringContaining('Nothing was changed')])
			expect(readdirSync(full).sort()).toEqual(['k3s-doctor', 'k3s-doctor-uninstall.sh'])
			expect(spawnSync(join(full, 'k3s-doctor'), { encoding: 'utf8' }).stdout).toBe('1.0.0\n')
		} finally {
			spawnSync('umount', [full])
		}
	})

	it('takes no path that a script would read as something else', () => {
		for (const bin of ['relative/bin', `${scratch}/it's`, `${scratch}/$(touch x)`]) {
			expect(install(delivery(), { bin }).status).toBe(1)
			expect(existsSync(bin)).toBe(false)
		}
	})

	it('explains itself, and says what it does not know', () => {
		const help = install(delivery(), { args: ['--help'] })
		expect(help.stdout).toContain('sh install.sh uninstall')
		expect(install(delivery(), { args: ['upgrade'] })).toMatchObject({
			status: 1,
			stderr: 'k3s-doctor: There is no "upgrade": sh install.sh [install|uninstall].\n',
		})
	})

	it.skipIf(!hasShellcheck)('has nothing that shellcheck would note', () => {
		const { status, stdout } = spawnSync(
			'shellcheck',
			['-s', 'sh', '-o', 'all', '-e', 'SC2250,SC2310,SC2311,SC2312', script],
			{
				encoding: 'utf8',
			},
		)
		expect([stdout, status]).toEqual(['', 0])
	})
})
