// Puts the program's own text into README.md between its markers: node .ci/readme-screen.mjs [--check]
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const path = join(root, 'README.md')

/** The report of a recording as it would stand in an 84 column terminal, without what differs from run to run. */
export function screen(name) {
	const { stdout, stderr } = spawnSync(
		process.execPath,
		[join(root, 'bin/k3s-doctor.js'), 'diagnose', '--from', join('test/recordings', `${name}.tar.gz`)],
		{ cwd: root, encoding: 'utf8', env: { ...process.env, COLUMNS: '84', NO_COLOR: '1' } },
	)
	if (!stdout) throw new Error(stderr)
	return stdout.replace(/judged in \d+ ms/, 'judged in a moment').trimEnd()
}

export function withScreens(text) {
	return text.replace(
		/<!-- screen:([\w-]+) -->[\s\S]*?<!-- \/screen -->/g,
		(_whole, name) => `<!-- screen:${name} -->\n\`\`\`text\n${screen(name)}\n\`\`\`\n<!-- /screen -->`,
	)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const text = readFileSync(path, 'utf8')
	writeFileSync(path, withScreens(text))
}
