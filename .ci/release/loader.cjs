// How the single executable, and the maker of its code cache, load the program's two parts. `source` gives the bytes
// that lie beside them, or nothing: `source('early.js')`.
module.exports = source => {
	const { Script } = require('node:vm')
	const { pathToFileURL } = require('node:url')
	const scripts = {}
	const kept = {}
	let late
	const part = name => {
		const cachedData = source(`${name}.cache`)
		const script = new Script(source(`${name}.js`).latin1Slice(), { filename: `${name}.js`, cachedData })
		// The program is the same, but slow to start. A test looks for this word.
		if (script.cachedDataRejected) process.emitWarning(`The code cache of ${name} does not fit`)
		scripts[name] = script
		const module = { exports: {} }
		const { execPath } = process
		script.runInThisContext()(
			module.exports,
			require,
			module,
			execPath,
			shipped,
			pathToFileURL(execPath).href,
		)
		return module.exports
	}
	const shipped = {
		late: file => {
			late ??= part('late')
			kept[file] ??= late[file]()
			return kept[file]
		},
		recording: name => source(`${name}.tar.gz`),
	}
	return { early: part('early'), scripts }
}
