/**
 * The built file that is to be tested instead of what was compiled: the single executable, or `k3s-doctor.cjs`. CI runs
 * the tests of the whole program once more with it. Build it with `npm run release`, then set K3S_DOCTOR_BUILT.
 */
const file = process.env.K3S_DOCTOR_BUILT

/** How it is started; `undefined` where what was compiled is to be tested. */
export const built: readonly [string, ...string[]] | undefined = file
	? file.endsWith('.cjs')
		? [process.execPath, file]
		: [file]
	: undefined
