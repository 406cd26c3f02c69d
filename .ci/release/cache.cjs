// Makes the code cache: node --random-seed=1 cache.cjs FOLDER FLAG… with the very Node.js that will use it. Modules are
// loaded, so that what loading needs is in the cache; nothing is run, for what that leaves differs from run to run.
const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const load = require('./loader.cjs')

const [folder, ...flags] = process.argv.slice(2)
// A garbage collection must not throw away what was compiled.
setFlagsFromString('--no-flush-bytecode')
const { early, late, scripts } = load(
	name => (name.endsWith('.cache') ? undefined : readFileSync(join(folder, name))),
	flags,
)
const modules = late()
for (const module of Object.values(modules)) module()
Promise.all(early.warm()).then(() => {
	setFlagsFromString('--flush-bytecode')
	for (const name of Object.keys(scripts))
		writeFileSync(join(folder, `${name}.cache`), scripts[name].createCachedData())
})
