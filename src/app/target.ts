/** What an item of a list stands for; keys act on the target, so that each screen need not know each key. */

import type { DiagnosisCause } from '../model/diagnosis.js'
import type { Quote } from '../model/evidence/index.js'
import type { Listed } from '../model/live.js'
import type { LogRef } from '../model/log-ref.js'
import type { Wish } from '../model/wish.js'
import type { Content } from '../report/contents.js'
import type { Format } from '../report/render.js'
import type { ObjectRef } from './cluster/object.js'
import type { LogFilter } from './log/wishes.js'
import type { NodeSection, Tab } from './state.js'

export type Target =
	| { kind: 'diagnosis'; cause: DiagnosisCause; suppressed: boolean; foldable: boolean }
	| { kind: 'finding'; quote?: Quote; says: string }
	| { kind: 'remedy'; cause: DiagnosisCause; index: number; commands: readonly string[] }
	/** Something to be typed elsewhere: `text` is what `c` copies. */
	| { kind: 'command'; text: string }
	/** A file of the bundle; `line` is 1-based. */
	| { kind: 'file'; file: string; line?: number }
	| { kind: 'section'; section: NodeSection }
	/** `uid`, `pod`: the id of its row. */
	| { kind: 'pod'; uid: string }
	| { kind: 'container'; pod: string; name: string }
	/** Something of the cluster that has a page. */
	| { kind: 'object'; ref: ObjectRef }
	/** A list of the cluster. */
	| { kind: 'objects'; of: Listed }
	| { kind: 'tab'; tab: Tab }
	| { kind: 'log'; ref: LogRef; filter?: LogFilter }
	/** Lines of the log below from so many milliseconds before its end; from the newest start of k3s; all. */
	| { kind: 'since'; since: number | 'start' | 'all' }
	| { kind: 'report'; choice: ReportChoice }
	/** Something that can be carried out, once its plan was seen. */
	| { kind: 'wish'; wish: Wish; says: string }
	| { kind: 'action'; id: string; undoable: boolean; discardable: boolean }
	/** The run at hand, or one step of it. */
	| { kind: 'run' }
	| { kind: 'step'; index: number; text: string }
	| { kind: 'words'; text: string }

/** What a row of the Report tab changes or does. */
export type ReportChoice =
	| { format: Format }
	| { content: Content }
	| 'anonymise'
	| 'read'
	| 'save'
	| 'copy'
	| 'bundle'
