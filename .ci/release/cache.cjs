// Makes the code cache: node OPTION… cache.cjs FOLDER RECORDINGS with the very Node.js that will use it. The app
// is loaded and some reports are made, so that what they need is in the cache.
const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const load = require('./loader.cjs')

const [folder, recordings] = process.argv.slice(2)
// A garbage collection must not throw away what was compiled.
setFlagsFromString('--no-flush-bytecode')
const { early, scripts } = load(name => {
	if (name.endsWith('.cache')) return undefined
	return readFileSync(join(name.endsWith('.tar.gz') ? recordings : folder, name))
})

async function make() {
	await Promise.all(early.warm())
	process.stdout.write = (_text, ...rest) => {
		rest.find(one => typeof one === 'function')?.()
		return true
	}
	for (const name of ['disk-full-restart', 'healthy-server', 'agent-url-typo-name'])
		await early.main(['demo', name])
	setFlagsFromString('--flush-bytecode')
	for (const [name, script] of Object.entries(scripts))
		writeFileSync(join(folder, `${name}.cache`), script.createCachedData())
}
make()
