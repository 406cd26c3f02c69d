// `npm run bench`: every figure beside its bound. Exits with 1 where a bound is missed by more than a quarter.
import { existsSync } from 'node:fs'
import { clusterFigures } from './cluster.mjs'
import { engineFigures } from './engine.mjs'
import { print } from './figures.mjs'

const missed = print('Engine', await engineFigures())
const app = new URL('./app.mjs', import.meta.url)
if (existsSync(app)) {
	const { appFigures } = await import(app.href)
	if (appFigures) missed.push(...print('App', await appFigures()))
}
if (existsSync(new URL('../../dist/test/bench/log-browser.js', import.meta.url))) {
	const { logFigures } = await import('./logs.mjs')
	missed.push(...print('Logs', await logFigures()))
}
missed.push(...print('Cluster', await clusterFigures()))
process.exitCode = missed.length > 0 ? 1 : 0
