// `npm run bench`: every figure beside its bound, and times as multiples of a floor that was measured in the same run.
// Exits with 1 where a bound is missed by more than a quarter.
import { loadavg } from 'node:os'
import { keyToFrame } from '../../dist/test/bench/app.js'
import { clusterFigures } from './cluster.mjs'
import { engineFigures } from './engine.mjs'
import { executableFigures } from './executable.mjs'
import { print } from './figures.mjs'
import { liveFigures } from './live.mjs'
import { logFigures } from './logs.mjs'

console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)}`)
const missed = [
	...print('Executable', await executableFigures()),
	...print('Live', await liveFigures()),
	...print('Engine', await engineFigures()),
	// Its memory settings hold for this process from here on.
	...print('App', [
		{
			what: 'app: key to painted frame, p95, 120×40, 10,000 rows',
			value: await keyToFrame(),
			unit: 'ms',
			bound: 16,
		},
	]),
	...print('Logs', await logFigures()),
	...print('Cluster', await clusterFigures()),
]
process.exitCode = missed.length > 0 ? 1 : 0
