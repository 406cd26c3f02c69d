/** Unified diffs of file changes: for the eye with secrets hidden, and as hunks for the script. */
import { structuredPatch } from 'diff'
import type { Hunk } from '../model/plan.js'
import { hideSecrets, holdsSecrets } from './secrets.js'

/** Beyond so many changed lines a diff says nothing any more and costs seconds. */
const mostEdits = 2000

/** The change as hunks; one hunk that replaces all where the two have little in common. */
export function hunksOf(before: string, after: string): Hunk[] {
	if (before === after) return []
	const patch = structuredPatch('a', 'b', before, after, '', '', { context: 3, maxEditLength: mostEdits })
	return patch ? patch.hunks.map(numbered) : [wholeHunk(before, after)]
}

/** Of an empty side the format names the line before, which the library does only when it prints. */
function numbered({ oldStart, oldLines, newStart, newLines, lines }: Hunk): Hunk {
	return {
		oldStart: oldLines === 0 ? oldStart - 1 : oldStart,
		oldLines,
		newStart: newLines === 0 ? newStart - 1 : newStart,
		newLines,
		lines,
	}
}

function wholeHunk(before: string, after: string): Hunk {
	const old = linesOf(before, '-')
	const fresh = linesOf(after, '+')
	return {
		oldStart: old.count > 0 ? 1 : 0,
		oldLines: old.count,
		newStart: fresh.count > 0 ? 1 : 0,
		newLines: fresh.count,
		lines: [...old.lines, ...fresh.lines],
	}
}

function linesOf(text: string, sign: '-' | '+'): { lines: string[]; count: number } {
	if (text === '') return { lines: [], count: 0 }
	const ended = text.endsWith('\n')
	const lines = (ended ? text.slice(0, -1) : text).split('\n').map(line => sign + line)
	const count = lines.length
	return { lines: ended ? lines : [...lines, noNewline], count }
}

export const noNewline = '\\ No newline at end of file'

/** As `diff -u` prints it. A file that is not there is `/dev/null`. */
export function unifiedDiff(
	path: string,
	before: string | undefined,
	after: string | undefined,
	hunks = hunksOf(before ?? '', after ?? ''),
): string {
	if (hunks.length === 0 && before !== undefined && after !== undefined) return ''
	if (holdsSecrets(path, before) || holdsSecrets(path, after))
		return `${path} holds secrets: its content is not shown`
	const head = [
		`--- ${before === undefined ? '/dev/null' : path}`,
		`+++ ${after === undefined ? '/dev/null' : path}`,
	]
	const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
		`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
		...lines.map(line => (line.startsWith('\\') ? line : line.charAt(0) + hideSecrets(line.slice(1)))),
	])
	return [...head, ...body].join('\n')
}

function range(start: number, lines: number): string {
	return lines === 1 ? `${start}` : `${start},${lines}`
}
