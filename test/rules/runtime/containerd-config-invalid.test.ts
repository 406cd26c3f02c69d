import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { crashing, dying } from '../unit.js'

const containerdLog = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'

const templates = '/var/lib/rancher/k3s/agent/etc/containerd'

describe('containerd-config-invalid', () => {
	it('fires on a template that Go cannot execute, and shows its line', () => {
		const why = `failed to start container runtime: template: compiled_template:3:5: executing "compiled_template" at <.Nowhere>: can't evaluate field Nowhere in type templates.ContainerdConfig`
		const files = dying(why, {
			[`files${templates}/config-v3.toml.tmpl`]: '# ours\n{{ template "base" . }}\nx = {{ .Nowhere }}\n',
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['containerd-config-invalid'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ quote }) => quote?.text)).toContain('x = {{ .Nowhere }}')
		expect(diagnosis?.remedies[0]?.steps[0]).toEqual({
			move: `${templates}/config-v3.toml.tmpl`,
			to: `${templates}/config-v3.toml.tmpl.bak`,
		})
	})

	it('fires on a panic of older versions', () => {
		const files = crashing('panic: template: compiled_template:7: unexpected "}" in operand')
		files['journal/k3s.log'] = (files['journal/k3s.log'] ?? '').replace(
			/time="[^"]*" level=fatal msg="(panic: .*)"/g,
			(_all, text: string) => text.replaceAll('\\"', '"'),
		)
		expect(rootsOf(judgeFiles(files))).toEqual(['containerd-config-invalid'])
	})

	it('fires on TOML that containerd refuses in a last line without a time', () => {
		const log =
			'time="2026-11-21T03:00:00.1Z" level=info msg="containerd successfully booted in 0.3s"\ncontainerd: failed to load TOML from /var/lib/rancher/k3s/agent/etc/containerd/config.toml: (9, 3): no value can start with x\n'
		const examination = judgeFiles(dying('containerd exited: exit status 1', { [containerdLog]: log }))
		expect(rootsOf(examination)).toEqual(['containerd-config-invalid'])
		expect(examination.report.diagnoses[0]?.confidence).toBe('certain')
		expect(causesOf(examination)).toHaveProperty('containerd-failed')
	})

	it('is silent where a template is in use and all is well', () => {
		const files = cluster(
			{},
			{
				[`files${templates}/config-v3.toml.tmpl`]: '{{ template "base" . }}\n',
				[containerdLog]:
					'time="2026-11-21T04:00:02Z" level=info msg="containerd successfully booted in 0.3s"\n',
			},
		)
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('is silent where k3s ends for another reason', () => {
		const files = dying('kubelet exited: unknown flag: --x', {
			[`files${templates}/config.toml.tmpl`]: 'version = 2\n',
		})
		expect(rootsOf(judgeFiles(files))).not.toContain('containerd-config-invalid')
	})
})
