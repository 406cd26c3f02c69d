import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, event, pod } from '../cluster-text.js'
import { neighbours, podLog } from '../network/net-text.js'

const resolv = (text: string) => ({ 'files/etc/resolv.conf': text })
const coredns = 'coredns-7f9c-abcde'
const labels = { 'k8s-app': 'kube-dns' }

const well = pod({ namespace: 'kube-system', name: coredns, labels, created: ago(3600) })
describe('dns-search-domain', () => {
	it('notes a list in which a top-level domain stands', () => {
		const { diagnoses } = judgeFiles(
			cluster({ pods: [well] }, resolv('nameserver 10.0.0.53\nsearch corp.example net\n')),
		).report
		expect(diagnoses).toMatchObject([{ cause: 'dns-search-domain', severity: 'info' }])
	})

	it('notes names of the outside with a search domain at their end', () => {
		const asked = podLog(coredns, [
			[
				60,
				'[ERROR] plugin/errors: 2 api.example.com.corp.example. A: read udp 10.42.0.6:4->10.0.0.53:53: i/o timeout',
			],
		])
		const files = cluster(
			{ pods: [well] },
			{ ...asked, ...resolv('nameserver 10.0.0.53\nsearch corp.example\n') },
		)
		expect(causesOf(judgeFiles(files))).toHaveProperty('dns-search-domain')
	})

	it('is silent on ordinary lists', () => {
		for (const search of ['corp.example lab.example', 'lan', 'home.arpa', '.'])
			expect(
				causesOf(
					judgeFiles(
						cluster(
							{ pods: [well] },
							{ ...resolv(`nameserver 10.0.0.53\nsearch ${search}\n`), ...neighbours() },
						),
					),
				),
			).toEqual({})
	})

	it('warns of a search domain below which everything is answered', () => {
		const query = (name: string, code: string) =>
			judgeFiles(
				cluster(
					{ pods: [well] },
					{
						...podLog(coredns, [
							[60, `[INFO] 10.42.0.7:4000 - 21 "A IN ${name}. udp 55 false 512" ${code} qr,aa,rd 90 0.001s`],
						]),
						...resolv('nameserver 10.0.0.53\nsearch home.example\n'),
					},
				),
			)
		const { diagnoses } = query('registry.example.com.home.example', 'NOERROR').report
		expect(diagnoses).toMatchObject([{ cause: 'dns-search-domain', severity: 'warning' }])
		expect(causesOf(query('registry.example.com.home.example', 'NXDOMAIN'))['dns-search-domain']).toBe(
			'possible',
		)
		expect(causesOf(query('nas.home.example', 'NOERROR'))).toEqual({})
	})

	it('hears of it from pods that were sent to the wrong place', () => {
		const said = podLog(
			'api-1',
			[
				[
					30,
					'Get "https://hooks.example.com": x509: certificate is valid for *.home.example, not hooks.example.com.home.example',
				],
			],
			{ namespace: 'shop', container: 'main', instance: 1 },
		)
		const files = cluster(
			{ pods: [well] },
			{ ...said, ...resolv('nameserver 10.0.0.53\nsearch home.example\n') },
		)
		expect(causesOf(judgeFiles(files))['dns-search-domain']).toBe('likely')
	})

	it('hears of it from the kubelet', () => {
		const message = 'Search Line limits were exceeded, some search paths have been omitted'
		const events = [event({ reason: 'DNSConfigForming', message })]
		expect(causesOf(judgeFiles(cluster({ pods: [well], events })))['dns-search-domain']).toBe('possible')
	})
})
