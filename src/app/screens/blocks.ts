/** A page of blocks that the cursor walks through: each means something on its own. */
import { filtered } from '../filter.js'
import { blank, fitted, heading, type Line, line, span, textOf } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState } from '../state.js'
import type { Target } from '../target.js'
import { gutter, pointer } from './rows.js'

export interface Block {
	id: string
	/** Title of a section that begins here. */
	title?: string
	target: Target
	lines: readonly Line[]
}

/** `width` is the whole window's; the blocks' lines were made for `width - gutter`. */
export function blocksView(
	all: readonly Block[],
	{ query }: Pick<ListState, 'query'>,
	width: number,
): ListView {
	const blocks = query === '' ? all : matching(all, query)
	const above = (index: number) => (blocks[index]?.title === undefined ? 0 : index === 0 ? 1 : 2)
	return {
		head: [],
		count: blocks.length,
		total: all.length,
		idOf: index => blocks[index]?.id ?? '',
		heightOf: index => (blocks[index]?.lines.length ?? 0) + above(index),
		targetOf: index => blocks[index]?.target ?? { kind: 'words', text: '' },
		linesOf: (index, selected) => {
			const block = blocks[index]
			if (!block) return []
			const own = block.lines.map((content, at) =>
				fitted({ spans: [at === 0 ? pointer(selected) : bar(selected), ...content.spans] }, width),
			)
			const { title } = block
			return title === undefined ? own : [...(index === 0 ? [] : [blank]), heading(title, width), ...own]
		},
		empty: [line(span(`  Nothing matches "${query}". Esc shows all again.`))],
	}
}

function matching(blocks: readonly Block[], query: string): readonly Block[] {
	const rows = blocks.map(block => ({ block, search: block.lines.map(textOf).join(' ') }))
	return filtered(rows, query).map(({ block }) => block)
}

/** Runs down the left of the chosen block, so that one sees how far it reaches. */
function bar(selected: boolean) {
	return selected ? span('│ ', 'mark') : span(' '.repeat(gutter))
}
