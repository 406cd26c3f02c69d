import type { Rule } from '../../src/rule.js'
import airgapImagesMissing from './airgap-images-missing.js'
import embeddedRegistryFailed from './embedded-registry-failed.js'
import imageNotFound from './image-not-found.js'
import imageWrongArch from './image-wrong-arch.js'
import registriesYamlInvalid from './registries-yaml-invalid.js'
import registryAuthFailed from './registry-auth-failed.js'
import registryRateLimited from './registry-rate-limited.js'
import registryTlsFailed from './registry-tls-failed.js'
import registryUnreachable from './registry-unreachable.js'

export const images: readonly Rule[] = [
	registriesYamlInvalid,
	registryAuthFailed,
	registryTlsFailed,
	registryUnreachable,
	registryRateLimited,
	imageNotFound,
	imageWrongArch,
	airgapImagesMissing,
	embeddedRegistryFailed,
]
