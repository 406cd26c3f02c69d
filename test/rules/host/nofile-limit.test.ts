import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, error, restarting, running, unitShow } from '../unit.js'
import { dropIn, sysctl } from './host-text.js'

const emfile = 'Error: accept tcp 127.0.0.1:6444: accept4: too many open files'

describe('nofile-limit', () => {
	it('fires on the recorded node with another limit, and takes the line away', async () => {
		const examination = await judgeRecording('nofile-limit', {
			'commands/systemctl-show.txt': text => text.replaceAll('LimitNOFILE=64\n', 'LimitNOFILE=200\n'),
			'commands/systemctl-cat.txt': text =>
				text.replace('limits.conf', '99-hardening.conf').replace('LimitNOFILE=64', 'LimitNOFILE=200'),
		})
		expect(rootsOf(examination)).toEqual(['nofile-limit'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings[0]?.says).toContain('only 200 open files')
		expect(diagnosis?.remedies[0]?.steps[0]).toEqual({
			editLines: '/etc/systemd/system/k3s.service.d/99-hardening.conf',
			changes: [{ line: 'LimitNOFILE=200', becomes: [] }],
		})
	})

	it('raises the limit where the unit file itself sets it', () => {
		const unit = {
			'commands/systemctl-cat.txt': '# /etc/systemd/system/k3s.service\n[Service]\nLimitNOFILE=512\n',
		}
		const show = { 'commands/systemctl-show.txt': unitShow({ ...restarting, LimitNOFILE: '512' }) }
		const [diagnosis] = judgeFiles({ ...crashing(emfile), ...unit, ...show }).report.diagnoses
		expect(diagnosis?.cause).toBe('nofile-limit')
		expect(diagnosis?.remedies[0]?.steps[0]).toMatchObject({
			changes: [{ becomes: ['LimitNOFILE=1048576'] }],
		})
	})

	it('fires with a usual limit, too, and then looks for the leak first', () => {
		const [diagnosis] = judgeFiles(crashing(emfile)).report.diagnoses
		expect(diagnosis).toMatchObject({ cause: 'nofile-limit', confidence: 'certain' })
		expect(diagnosis?.remedies[0]?.title).toContain('Find who')
	})

	it('fires when the table of the whole system is full', () => {
		const files = running(sysctl({ 'fs.file-nr': '99000 0 100000' }))
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'nofile-limit': 'likely' })
	})

	it('is silent on a modest limit that nobody has met, and on the words of a pod', () => {
		const modest = running({
			...dropIn('LimitNOFILE=65536'),
			'commands/systemctl-show.txt': unitShow({ LimitNOFILE: '65536' }),
		})
		expect(causesOf(judgeFiles(modest))).not.toHaveProperty('nofile-limit')
		const probe = running({}, [
			[590, 'k3s', error('Probe failed: HTTP probe failed with output="accept: too many open files"')],
		])
		expect(causesOf(judgeFiles(probe))).not.toHaveProperty('nofile-limit')
	})
})
