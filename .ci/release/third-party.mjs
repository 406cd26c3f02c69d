// Whose work is in the files: a list for machines (CycloneDX) and the licence texts for people.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, version } from '../bundle/parts.mjs'
import { about } from './contents.mjs'

const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages

function packageAt(folder) {
	const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
	const text = readdirSync(join(root, folder))
		.filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
		.sort()
		.map(file => readFileSync(join(root, folder, file), 'utf8').trim())
		.join('\n\n')
	return {
		name,
		version,
		licence: typeof license === 'string' ? license : license?.type,
		text,
		integrity: locked[folder]?.integrity,
	}
}

/** `folders` are those of the bundled packages; `node` is `{version, licence}`. */
export function licenceTexts(folders, node) {
	const apache = readFileSync(join(root, 'node_modules/@kubernetes/client-node/LICENSE'), 'utf8').trim()
	const line = '='.repeat(80)
	const parts = folders.map(packageAt).map(({ name, version, licence, text }) => {
		const none = `The package has no licence text of its own; its package.json says: ${licence}.`
		return `${line}\n${name} ${version} (${licence})\n${line}\n\n${text || none}`
	})
	return [
		`k3s-doctor ${version}\nLicence: ${about.licence}\n\n${apache}`,
		'The single files also contain the work of others:',
		...parts,
		...(node
			? [`${line}\nNode.js ${node.version} (executables only)\n${line}\n\n${node.licence.trim()}`]
			: []),
		'',
	].join('\n\n')
}

/** A CycloneDX 1.6 document of the same. */
export function billOfMaterials(folders, node, epoch) {
	const components = folders.map(packageAt).map(({ name, version, licence, integrity }) => ({
		type: 'library',
		'bom-ref': purl(name, version),
		...nameOf(name),
		version,
		purl: purl(name, version),
		licenses: [/^[\w.-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence }],
		...(integrity?.startsWith('sha512-') && {
			hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }],
		}),
	}))
	components.push({
		type: 'platform',
		'bom-ref': `pkg:generic/node@${node.version}`,
		name: 'node',
		version: node.version,
		purl: `pkg:generic/node@${node.version}`,
		licenses: [{ license: { name: 'Node.js licence, see THIRD-PARTY-LICENSES.txt' } }],
	})
	const self = purl('k3s-doctor', version)
	const document = {
		$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: {
			timestamp: new Date(epoch * 1000).toISOString().replace('.000', ''),
			component: {
				type: 'application',
				'bom-ref': self,
				name: 'k3s-doctor',
				version,
				purl: self,
				licenses: [{ license: { id: about.licence } }],
			},
		},
		components,
		dependencies: [{ ref: self, dependsOn: components.map(component => component['bom-ref']) }],
	}
	const sum = createHash('sha256').update(JSON.stringify(document)).digest('hex')
	// The same content has the same serial number: a UUID of the kind that is made from a name (version 8).
	const serial = `${sum.slice(0, 8)}-${sum.slice(8, 12)}-8${sum.slice(13, 16)}-a${sum.slice(17, 20)}-${sum.slice(20, 32)}`
	const { $schema, bomFormat, specVersion, ...rest } = document
	return { $schema, bomFormat, specVersion, serialNumber: `urn:uuid:${serial}`, ...rest }
}

const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`

function nameOf(name) {
	const [group, rest] = name.startsWith('@') ? name.split('/') : [undefined, name]
	return group ? { group, name: rest } : { name: rest }
}
