import {
	check,
	configValue,
	fail,
	pass,
	presence,
	shownPath,
	shownUnit,
	unseen,
	warn,
} from '../../src/check.js'
import { byArea } from './areas.js'

export default check({
	id: 'token',
	list: 'verify',
	title: 'The token is there, and this node is accepted',
	explain:
		"On a server the token opens the datastore's bootstrap data and lets nodes join: without it a server cannot be restored from a backup. An agent shows that it is accepted by its client certificate.",
	docs: ['https://docs.k3s.io/cli/token'],
	needs: ['files'],
	look: ({ files, node }, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'auth')
		if (found.length > 0) return found
		if (node.role === 'agent') {
			const certificate = `${node.dataDir}/agent/client-kubelet.crt`
			const there = presence(files, certificate)
			if (there === 'unknown')
				return unseen(`${certificate} could not be seen`, [
					`ls -l ${shownPath(`${node.dataDir}/agent`, 'DATA-DIR/agent')}`,
				])
			return there === 'present'
				? pass('a server has signed its certificate', { source: 'files' })
				: fail('no server has signed a certificate for it yet', {
						source: 'files',
						do: [{ tell: 'See why:', commands: [`journalctl -u ${shownUnit(node)} -n 50`] }],
					})
		}
		const path = `${node.dataDir}/server/token`
		const there = presence(files, path)
		if (there === 'unknown')
			return unseen(`${path} could not be seen`, [`ls -l ${shownPath(path, 'DATA-DIR/server/token')}`])
		if (there === 'absent')
			return fail(`${path} is not there`, {
				source: 'files',
				do: [
					{
						tell: 'k3s writes it when it has started:',
						commands: [`journalctl -u ${shownUnit(node)} -n 50`],
					},
				],
			})
		const listed = files.listed.get(path)
		const quote = listed?.quote
		if (listed?.type === 'file' && listed.size === 0)
			return fail(`${path} is empty`, { source: 'files', ...(quote && { quote }) })
		if (listed?.type === 'file' && (listed.mode & 0o007) !== 0)
			return warn(`${path} can be read by everybody`, {
				source: 'files',
				...(quote && { quote }),
				do: [{ tell: 'Close it:', commands: [`chmod 600 ${shownPath(path, 'DATA-DIR/server/token')}`] }],
			})
		const own =
			configValue(more.config, 'token') !== undefined || configValue(more.config, 'token-file') !== undefined
		return pass(`${path}${own ? ', set by the operator' : ''}; keep a copy of it with the backups`, {
			source: 'files',
			...(quote && { quote }),
		})
	},
})
