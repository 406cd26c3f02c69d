/** The packages as packagers see them, and the papers that go with them. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openArchive } from './archive.js'
import { arch, files, has, isBuilt, isMade, made, ran, root, version } from './files.js'

const scratch = mkdtempSync(join(tmpdir(), 'k3s-doctor-packages-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const path = { PATH: process.env.PATH }
const deb = `k3s-doctor_${version}_${arch}.deb`
const rpm = `k3s-doctor-${version}-1.${arch === 'arm64' ? 'aarch64' : 'x86_64'}.rpm`
const onHost = (zsh: string) => [
	'/usr/bin/k3s-doctor',
	'/usr/share/bash-completion/completions/k3s-doctor',
	'/usr/share/doc/k3s-doctor/README.md',
	'/usr/share/doc/k3s-doctor/copyright',
	'/usr/share/fish/vendor_completions.d/k3s-doctor.fish',
	'/usr/share/man/man1/k3s-doctor.1.gz',
	`/usr/share/zsh/${zsh}/_k3s-doctor`,
]

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name).slice(folder.length))
		.sort()
}

describe.skipIf(!isMade(deb) || !has('dpkg'))('the Debian package', () => {
	it('installs, runs and leaves nothing behind', () => {
		const host = join(scratch, 'debian')
		for (const folder of ['updates', 'info'])
			mkdirSync(join(host, 'var/lib/dpkg', folder), { recursive: true })
		for (const file of ['status', 'available']) writeFileSync(join(host, 'var/lib/dpkg', file), '')
		// A scratch root has no libraries that could be depended on.
		const dpkg = (...args: string[]) =>
			ran(
				'dpkg',
				[`--root=${host}`, '--force-depends', '--force-not-root', '--force-script-chrootless', ...args],
				path,
			)
		expect(dpkg('--install', made(deb))).toMatchObject({ status: 0 })
		const mine = () => filesBelow(host).filter(name => !name.startsWith('/var/'))
		expect(mine()).toEqual(onHost('vendor-completions'))
		expect(ran(join(host, 'usr/bin/k3s-doctor'), ['--version']).stdout).toBe(`${version}\n`)
		expect(dpkg('--verify', 'k3s-doctor')).toMatchObject({ status: 0, stdout: '' })
		expect(dpkg('--purge', 'k3s-doctor')).toMatchObject({ status: 0 })
		expect(mine()).toEqual([])
		expect(existsSync(join(host, 'usr/share/doc'))).toBe(false)
	})

	it('says what it is and what it needs', () => {
		const field = (name: string) => ran('dpkg-deb', ['--field', made(deb), name], path).stdout.trim()
		expect([field('Package'), field('Version'), field('Architecture')]).toEqual(['k3s-doctor', version, arch])
		expect(field('Depends')).toMatch(/^libc6 \(>= 2\.\d+\), libstdc\+\+6, libgcc-s1 \| libgcc1$/)
		const listed = ran('dpkg-deb', ['--contents', made(deb)], path).stdout
		expect(listed.split('\n').filter(line => line !== '' && !line.includes(' root/root '))).toEqual([])
	})
})

describe.skipIf(!isMade(rpm) || !has('rpm'))('the RPM package', () => {
	const query = (...args: string[]) => ran('rpm', ['--query', '--package', ...args, made(rpm)], path).stdout

	it('is whole, and says what it is and what it needs', () => {
		const checked = ran('rpm', ['--checksig', '--verbose', made(rpm)], path)
		expect(checked.status).toBe(0)
		expect(checked.stdout.match(/: OK$/gm)?.length).toBe(4)
		const format = '%{NAME} %{VERSION} %{RELEASE} %{OS} %{LICENSE} %{FILEDIGESTALGO}'
		expect(query('--queryformat', format)).toBe(`k3s-doctor ${version} 1 linux Apache-2.0 8`)
		const needs = query('--requires').split('\n')
		expect(needs).toContain('libstdc++.so.6()(64bit)')
		expect(needs.some(need => /^libc\.so\.6\(GLIBC_2\.\d+\)\(64bit\)$/.test(need))).toBe(true)
	})

	it('lists its files with owner, mode and digest', () => {
		const rows = query('--dump')
			.trim()
			.split('\n')
			.map(line => line.split(' '))
		const own = [...onHost('site-functions'), '/usr/share/doc/k3s-doctor'].sort()
		expect(rows.map(([name]) => name)).toEqual(own)
		for (const [name, , , , mode, user, group] of rows)
			expect([name, user, group, mode]).toEqual([
				name,
				'root',
				'root',
				expect.stringMatching(/^0?(100755|100644|40755)$/),
			])
		const program = rows[0] ?? []
		const digest = createHash('sha256')
			.update(readFileSync(made(`k3s-doctor-linux-${arch}`)))
			.digest('hex')
		expect([program[3], program[4]]).toEqual([digest, '0100755'])
	})

	it('installs, verifies and leaves nothing behind', () => {
		const host = join(scratch, 'rpm')
		mkdirSync(host)
		const act = (...args: string[]) => ran('rpm', [`--root=${host}`, ...args], path)
		expect(act('--install', '--nodeps', '--ignorearch', made(rpm)).status).toBe(0)
		const mine = () =>
			filesBelow(host).filter(name => name.startsWith('/usr/') && !name.startsWith('/usr/lib/'))
		expect(mine()).toEqual(onHost('site-functions'))
		expect(act('--verify', '--nodeps', 'k3s-doctor')).toMatchObject({ status: 0, stdout: '' })
		expect(act('--erase', 'k3s-doctor').status).toBe(0)
		expect(mine()).toEqual([])
	})
})

describe.skipIf(!isBuilt)('the rest', () => {
	it('npm package: what package.json names, and no more', async () => {
		const names = [...(await openArchive(made(`k3s-doctor-${version}.tgz`))).keys()].map(name =>
			name.replace('package/', ''),
		)
		expect(names).toContain('bin/k3s-doctor.js')
		const allowed = [...files, 'package.json']
		expect(
			names.filter(name => !allowed.some(start => name === start || name.startsWith(`${start}/`))),
		).toEqual([])
		expect(
			files.filter(start => !names.some(name => name === start || name.startsWith(`${start}/`))),
		).toEqual([])
	})

	it('SHA256SUMS fits every file', () => {
		const { status, stdout } = ran('sh', ['-c', 'cd dist && sha256sum --check --strict SHA256SUMS'], path)
		expect(status).toBe(0)
		for (const name of [
			deb,
			rpm,
			'install.sh',
			'k3s-doctor.cjs',
			'k3s-doctor.cdx.json',
			'THIRD-PARTY-LICENSES.txt',
		])
			expect(stdout).toContain(`${name}: OK`)
	})

	it('the bill of materials names every package that is inside, with licence and digest; its text stands beside it', () => {
		const bill = JSON.parse(readFileSync(made('k3s-doctor.cdx.json'), 'utf8')) as {
			bomFormat: string
			specVersion: string
			serialNumber: string
			components: { name: string; group?: string; version: string; licenses: unknown[]; hashes?: unknown[] }[]
		}
		expect([bill.bomFormat, bill.specVersion]).toEqual(['CycloneDX', '1.6'])
		expect(bill.serialNumber).toMatch(
			/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
		)
		const texts = readFileSync(made('THIRD-PARTY-LICENSES.txt'), 'utf8')
		const names = bill.components.map(({ group, name }) => (group ? `${group}/${name}` : name))
		for (const wanted of [
			'ink',
			'react',
			'execa',
			'@kubernetes/client-node',
			'fuse.js',
			'yoga-layout',
			'node',
		])
			expect(names).toContain(wanted)
		for (const [index, { version: its, licenses, hashes, name }] of bill.components.entries()) {
			expect(licenses.length, name).toBeGreaterThan(0)
			if (name === 'node') continue
			expect(hashes?.length, name).toBe(1)
			expect(texts).toContain(`${names[index]} ${its} (`)
		}
		expect(texts).toContain('Apache License')
		const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
			dependencies: Record<string, string>
		}
		expect(Object.keys(dependencies).filter(name => !names.includes(name))).toEqual([])
	})
})
