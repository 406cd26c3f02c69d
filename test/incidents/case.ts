/** What of an incident a node on paper shows. */
import type { Scene } from '../messages/scene.js'

export interface Decidable {
	/** Raw evidence with the incident's signs, names and values changed. */
	scene: () => Scene
	/** Causes besides those that were named at the time: the list of causes has grown since. */
	also?: string[]
}

export interface Undecidable {
	/** Why nothing on a node tells the cause. */
	undecidable: string
}

export type Cases = Record<string, Decidable | Undecidable>

export const says = (scene: () => Scene, also?: string[]): Decidable => ({ scene, ...(also && { also }) })

export const untold = (undecidable: string): Undecidable => ({ undecidable })
