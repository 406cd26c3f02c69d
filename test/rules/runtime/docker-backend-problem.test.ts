import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { crashing, restarting, unitShow } from '../unit.js'

describe('docker-backend-problem', () => {
	it('fires when k3s is told to use Docker and Docker is stopped', () => {
		const files = crashing(
			'Error: failed to start container runtime: failed to get docker runtime info: Cannot connect to the Docker daemon at unix:///var/run/docker.sock',
		)
		files['files/etc/rancher/k3s/config.yaml'] = 'docker: true\n'
		files['commands/systemctl-show.txt'] =
			`${unitShow(restarting)}\n${unitShow({ Id: 'docker.service', ActiveState: 'inactive', SubState: 'dead' }, [])}`
		expect(rootsOf(judgeFiles(files))).toEqual(['docker-backend-problem'])
	})

	it('is silent about a stopped Docker that k3s does not use', () => {
		const files = cluster()
		files['commands/systemctl-show.txt'] =
			`${unitShow()}\n${unitShow({ Id: 'docker.service', ActiveState: 'inactive', SubState: 'dead' }, [])}`
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
