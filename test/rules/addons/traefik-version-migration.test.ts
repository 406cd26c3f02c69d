import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster } from '../cluster-text.js'

describe('traefik-version-migration', () => {
	const log = (text: string) => ({
		'files/var/log/pods/kube-system_traefik-6c-x_u/traefik/0.log': `${ago(60)} stderr F ${text}\n`,
		'commands/k3s-version.txt': 'k3s version v1.33.4+k3s1 (a)\n',
	})

	it('fires when Traefik 3 does not understand a rule of Traefik 2', () => {
		const files = cluster(
			{},
			log(
				'ERR error="error while parsing rule HostRegexp(`{a:.+}.corp`): unsupported function" routerName=x',
			),
		)
		expect(causesOf(judgeFiles(files))).toEqual({ 'traefik-version-migration': 'likely' })
	})

	it('is silent about other words of Traefik, and on a k3s that brings Traefik 2', () => {
		expect(causesOf(judgeFiles(cluster({}, log('ERR Skipping service: no endpoints found'))))).toEqual({})
		const old: Record<string, string> = {
			...cluster({}, log('error while parsing rule')),
			'commands/k3s-version.txt': 'k3s version v1.30.1+k3s1 (a)\n',
		}
		old['journal/k3s.log'] = (old['journal/k3s.log'] ?? '').replaceAll('v1.33.4', 'v1.30.1')
		expect(causesOf(judgeFiles(old))).not.toHaveProperty('traefik-version-migration')
	})
})
