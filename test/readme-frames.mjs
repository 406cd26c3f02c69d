// Puts frames of the real app and the table of keys into README.md, between their markers:
//   node test/readme-frames.mjs          writes them
// The program runs in a pty on a recorded node; build first.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keysMarkdown } from '../dist/src/app/keys/readme.js'
import { doctor, openShell } from '../dist/test/program/session.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const path = join(root, 'README.md')

/** What is typed until the frame stands, and words by which one sees that it does. */
export const frames = {
	home: { args: ['demo', 'agent-token-wrong-hash'], columns: 96, rows: 26, keys: [], shows: 'What to do' },
	diagnosis: {
		args: ['demo', 'disk-full-restart'],
		columns: 96,
		rows: 26,
		keys: ['\r'],
		shows: 'What it means',
	},
	evidence: {
		args: ['demo', 'disk-full-restart'],
		columns: 96,
		rows: 20,
		keys: ['v'],
		shows: '/dev/loop0',
	},
	plan: {
		args: ['demo', 'kubelet-arg-unknown'],
		columns: 96,
		rows: 30,
		keys: ['r'],
		shows: 'What it does, step by step',
	},
	pods: {
		args: ['demo', 'pod-crashloop'],
		columns: 96,
		rows: 13,
		keys: ['2'],
		shows: 'Told by',
	},
	pod: {
		args: ['demo', 'pod-crashloop'],
		columns: 96,
		rows: 24,
		keys: ['2', '\r'],
		shows: 'Containers ──',
	},
	logs: {
		args: ['demo', 'disk-full-restart'],
		columns: 96,
		rows: 22,
		keys: ['l'],
		shows: '1901/1901',
	},
	node: { args: ['demo', 'healthy-server'], columns: 96, rows: 24, keys: ['4'], shows: 'Certificates ──' },
}

/** One screen of the program, as text. */
export async function frame(name) {
	const wanted = frames[name]
	if (!wanted) throw new Error(`There is no frame ${name}`)
	const { args, columns, rows, keys, shows } = wanted
	const session = openShell({ columns, rows, env: { NO_COLOR: '1', TZ: 'UTC' } })
	try {
		session.send(`${doctor(...args)}\r`)
		await session.until(
			text => /DOWN|DEGRADED|AT RISK|HEALTHY/.test(text) && !text.includes('reading'),
			`${name}: the report`,
		)
		for (const key of keys) session.send(key)
		await session.until(text => text.includes(shows), name)
		return (await session.still()).trimEnd()
	} finally {
		session.close()
	}
}

export async function withFrames(text) {
	let result = text
	for (const [whole, name] of text.matchAll(/<!-- frames:([\w-]+) -->[\s\S]*?<!-- \/frames -->/g)) {
		const shown = `<!-- frames:${name} -->\n\`\`\`text\n${await frame(name)}\n\`\`\`\n<!-- /frames -->`
		result = result.replace(whole, () => shown)
	}
	return result.replace(
		/<!-- keys -->[\s\S]*?<!-- \/keys -->/,
		() => `<!-- keys -->\n${keysMarkdown()}\n<!-- /keys -->`,
	)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	writeFileSync(path, await withFrames(readFileSync(path, 'utf8')))
}
