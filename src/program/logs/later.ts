/** Answers that may have to be waited for; where they need not be, the screen is painted once, with them. */
export type Later<T> = T | Promise<T>

export function later<T, U>(value: Later<T>, next: (value: T) => Later<U>): Later<U> {
	return value instanceof Promise ? value.then(next) : next(value)
}

/** Until others have gone a step further. */
export const soon = () => new Promise<void>(resolve => setTimeout(resolve, 5))
