/** The last lines of a start that failed, as people paste them: nothing else is known of the node. */
import { describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/open.js'
import { judge } from '../judge.js'
import { fileWith } from './archive-of.js'

async function found(...lines: string[]) {
	const { report } = judge(await openBundle(fileWith(`${lines.join('\n')}\n`)))
	return report.diagnoses.map(({ cause, confidence }) => `${cause} ${confidence}`)
}

const waits = (second: string) =>
	`Nov 21 04:05:${second} w7 k3s[812]: time="2026-11-21T04:05:${second}Z" level=info msg="Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: Get \\"https://127.0.0.1:6444/v1-k3s/config\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"`

describe('the last lines of a start', () => {
	it('of an agent whose server has not answered yet are no proof, and not nothing', async () => {
		expect(await found(waits('12'), waits('22'))).toEqual(['api-unreachable possible'])
	})

	it('of a binary for another processor, of which systemd alone speaks', async () => {
		const causes = await found(
			'Nov 21 04:05:01 pi systemd[1]: Starting k3s.service - Lightweight Kubernetes...',
			'Nov 21 04:05:02 pi systemd[1]: k3s.service: Main process exited, code=dumped, status=4/ILL',
			"Nov 21 04:05:02 pi systemd[1]: k3s.service: Failed with result 'core-dump'.",
			'Nov 21 04:05:02 pi systemd[1]: Failed to start k3s.service - Lightweight Kubernetes.',
		)
		expect(causes[0]).toBe('binary-wrong-arch likely')
	})

	it('with a permission that is not named stay unknown, with a hint at where to look', async () => {
		expect(await found('FATA[0000] permission denied')).toEqual([
			'unknown-fatal likely',
			'binary-noexec possible',
		])
	})

	it('that lost a lease point at the datastore', async () => {
		const causes = await found(
			'May 19 20:50:28 k1 k3s[4423]: I0519 20:50:28.058124    4423 leaderelection.go:297] failed to renew lease kube-system/kube-controller-manager: context deadline exceeded',
			'May 19 20:50:28 k1 k3s[4423]: E0519 20:50:28.064229    4423 controllermanager.go:328] "leaderelection lost"',
		)
		expect(causes).toEqual(['datastore-overloaded possible'])
	})

	it('of an old systemd that gave up before k3s was begun', async () => {
		const causes = await found(
			'Apr 17 08:22:12 k1 systemd[1]: Starting Lightweight Kubernetes...',
			'Apr 17 08:23:42 k1 systemd[1]: k3s.service start-pre operation timed out. Terminating.',
			'Apr 17 08:23:42 k1 systemd[1]: Failed to start Lightweight Kubernetes.',
			'Apr 17 08:23:42 k1 systemd[1]: Unit k3s.service entered failed state.',
		)
		expect(causes[0]).toMatch(/^service-start-timeout/)
	})

	it('that do not find the address of the node say so, without a proof of what is wrong with it', async () => {
		const causes = await found(
			'Oct 01 12:20:44 k1 k3s[30604]: time="2025-10-01T12:20:44Z" level=fatal msg="Failed to start networking: unable to initialize network policy controller: error getting node subnet: failed to find interface with specified node ip"',
			'Oct 01 12:20:44 k1 systemd[1]: k3s.service: Main process exited, code=exited, status=1/FAILURE',
		)
		expect(causes[0]).toBe('node-ip-changed likely')
	})

	it('of an etcd whose peer is half a minute off need no second line', async () => {
		const drift = (by: string) =>
			`Nov 21 04:05:02 k1 k3s[812]: {"level":"warn","ts":"2026-11-21T04:05:02Z","caller":"rafthttp/probing_status.go:82","msg":"the clock difference against peer 7aa is too high [${by} > 1s]"}`
		expect(await found(drift('38.016361291s'))).toEqual(['clock-skew likely'])
		expect(await found(drift('1.2s'))).toEqual([])
	})
})
