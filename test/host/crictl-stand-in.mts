/** `crictl --runtime-endpoint=unix://SOCKET pods|ps -o json`, asked of the real runtime behind the socket. */
import { listContainers, listPods } from './cri.js'

const args = process.argv.slice(2)
const socket =
	args.find(arg => arg.startsWith('--runtime-endpoint='))?.replace('--runtime-endpoint=unix://', '') ?? ''
try {
	const told = args.includes('pods') ? await listPods(socket) : await listContainers(socket)
	process.stdout.write(`${JSON.stringify(told)}\n`)
} catch (error) {
	process.stderr.write(`level=fatal msg="${error instanceof Error ? error.message : String(error)}"\n`)
	process.exitCode = 1
}
