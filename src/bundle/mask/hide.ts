/** What stands in a secret's place, and what kinds of secrets there are. */

export const redacted = '<redacted>'

/** With the words for each, as the list of what was masked shows them. */
export const kinds = {
	token: 'token',
	password: 'password',
	'address password': 'password in an address',
	said: 'password in a sentence',
	'private key': 'private key',
	jwt: 'service account token or other JWT',
	header: 'credentials in a header',
	cookie: 'cookie',
	'access key': 'key of an object store or cloud',
	'api key': 'key of a service',
	'vpn key': 'key of a VPN',
	'encryption key': 'encryption key',
	hash: 'password hash',
	encoded: 'credentials in base64',
	'secret object': 'value of a Kubernetes Secret',
	environment: 'value of an environment variable',
	annotation: 'annotation with a secret name',
	chart: 'values of a Helm chart',
	file: 'file that is nothing but a secret',
	secret: 'other secret',
	rule: 'masked by a rule of yours',
} as const

export type Kind = keyof typeof kinds

/** Gives what is to stand in a secret's place. Called once for each place. */
export type Hide = (secret: string, kind: Kind) => string

export const hidePlainly: Hide = () => redacted

/** What was masked already, with or without a mark that tells secrets apart. */
export const mask = /<redacted(?:-[0-9a-f]{4,16})?>/
