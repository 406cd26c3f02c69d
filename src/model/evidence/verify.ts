/** What is asked only after an installation. */

/** What one resolver said of one name. */
export interface NameAnswer {
	server: string
	name: string
	addresses: string[]
	/** `ETIMEOUT`, `ECONNREFUSED`, `ENOTFOUND`, …; absent where it answered. */
	error?: string
	ms: number
}

export interface VerifyEvidence {
	/** The name of the API's service, asked of the cluster's own resolver. */
	dns?: NameAnswer
}
