import { check, fail, pass, unseen, warn } from '../../src/check.js'

/** No release of k3s is older. */
const firstRelease = Date.UTC(2019, 1, 26)

export default check({
	id: 'time',
	list: 'preflight',
	title: 'The clock is right, and kept right',
	explain:
		'Certificates and leases are valid for a span of time, by the clock of whoever checks them. A host whose clock is wrong cannot join, and etcd members must agree within a second or so.',
	docs: ['https://etcd.io/docs/v3.5/faq/', 'https://docs.k3s.io/installation/requirements'],
	needs: ['clock'],
	look: ({ clock }) => {
		const quote = { file: 'commands/timedatectl.txt', text: 'NTPSynchronized' }
		const on = [
			{
				tell: 'Switch a time service on:',
				commands: [
					'timedatectl set-ntp true',
					'timedatectl status',
					'chronyc tracking   # where chrony is used',
				],
			},
		]
		if (clock.now < firstRelease)
			return fail(`this host believes that it is ${new Date(clock.now).toISOString().slice(0, 10)}`, {
				source: 'clock',
				quote: { file: 'commands/date.txt', line: 1, text: '' },
				do: on,
			})
		const offset = clock.offsetSeconds
		if (offset !== undefined && Math.abs(offset) >= 1) {
			const says = `the clock is ${Math.abs(offset).toFixed(1)} s ${offset > 0 ? 'ahead' : 'behind'}`
			const seen = {
				source: 'clock' as const,
				quote: { file: 'commands/chronyc-tracking.txt', text: 'System time' },
				do: on,
			}
			return Math.abs(offset) >= 60 ? fail(says, seen) : warn(says, seen)
		}
		if (clock.synchronized === true || offset !== undefined)
			return pass(
				offset === undefined ? 'synchronised' : `synchronised, ${Math.abs(offset).toFixed(3)} s off`,
				{
					source: 'clock',
					quote,
				},
			)
		if (clock.synchronized === false)
			return warn(
				clock.ntpEnabled === false
					? 'no time service is on'
					: 'a time service is on, and the clock is not synchronised yet',
				{ source: 'clock', quote, do: on },
			)
		return unseen('neither timedatectl nor chrony answers', [
			'timedatectl status',
			'chronyc tracking',
			'ntpq -p',
		])
	},
})
