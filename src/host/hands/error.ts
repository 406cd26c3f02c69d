import { HandsError } from '../../model/hands-error.js'
import { codeOf, messageOf } from '../answer.js'

const said: ReadonlyMap<string, string> = new Map([
	['ENOSPC', 'no space is left on the device'],
	['EDQUOT', 'the disk quota is used up'],
	['EROFS', 'the file system is read-only'],
	['EACCES', 'permission denied'],
	['EPERM', 'not permitted (is the file immutable? see lsattr)'],
	['EIO', 'the disk reports an input/output error'],
	['EXDEV', 'it lies on another file system'],
	['EEXIST', 'something is there already'],
	['ENOENT', 'it is not there'],
	['EBUSY', 'it is in use (a mount point?)'],
	['ELOOP', 'it is a symbolic link'],
])

/** `tried` completes "Could not …". */
export function handsError(tried: string, error: unknown): HandsError {
	if (error instanceof HandsError) return error
	const code = codeOf(error)
	return new HandsError(`could not ${tried}: ${said.get(code) ?? messageOf(error)}`, code)
}

export async function orHandsError<T>(tried: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work()
	} catch (error) {
		throw handsError(tried, error)
	}
}
