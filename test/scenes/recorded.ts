/** Recorded nodes whose files may be changed, and changes laid upon each other. */
import { HealthyFiles } from '../healthy/node.js'
import { openRecording } from '../recording.js'

export async function recorded(name: string, minutesLater = 0): Promise<HealthyFiles> {
	return new HealthyFiles(await openRecording(name), minutesLater)
}

export type Fault = (node: HealthyFiles) => void

const well = (name: string, faults: readonly Fault[]) => async () => {
	const node = await recorded(name, 45)
	for (const fault of faults) fault(node)
	return node
}

/** The healthy server with SQLite, three quarters of an hour later, with these faults. */
export const server = (...faults: Fault[]) => well('healthy-server', faults)

/** One of three healthy servers with embedded etcd, with these faults. */
export const member = (...faults: Fault[]) => well('ha-healthy', faults)
