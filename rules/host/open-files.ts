/** Two limits share one message: files that a process may open, and inotify instances that a user may have. */

export const tooMany = /too many open files/i

const inotify = /inotify|fsnotify|watcher|cAdvisor|conf monitor/i

/** What makes a watch runs out of inotify instances long before it runs out of files. */
export function isOfInotify(text: string): boolean {
	return inotify.test(text)
}

/** An inotify instance that takes no more watches says that there is no space. */
export const noMoreWatches =
	/(?:inotify|fsnotify|watcher|watch)[^\n]{0,200}no space left on device|inotify_add_watch[^\n]{0,200}: no space/i
