/** Whole numbers of 32 bits in a row, as many as come: four bytes each. */
export class Growing {
	#all = new Int32Array(256)
	length = 0

	push(value: number): void {
		if (this.length === this.#all.length) {
			const wider = new Int32Array(this.#all.length * 2)
			wider.set(this.#all)
			this.#all = wider
		}
		this.#all[this.length] = value
		this.length += 1
	}

	at(index: number): number {
		return this.#all[index] ?? 0
	}

	set(index: number, value: number): void {
		this.#all[index] = value
	}
}
