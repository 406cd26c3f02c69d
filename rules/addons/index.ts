import type { Rule } from '../../src/rule.js'
import apiserviceUnavailable from './apiservice-unavailable.js'
import helmJobFailed from './helm-job-failed.js'
import manifestDeployFailed from './manifest-deploy-failed.js'
import metricsServerDown from './metrics-server-down.js'
import servicelbPortConflict from './servicelb-port-conflict.js'
import traefikDown from './traefik-down.js'
import traefikVersionMigration from './traefik-version-migration.js'
import webhookBlocks from './webhook-blocks.js'

export const addons: readonly Rule[] = [
	helmJobFailed,
	manifestDeployFailed,
	traefikDown,
	traefikVersionMigration,
	servicelbPortConflict,
	metricsServerDown,
	webhookBlocks,
	apiserviceUnavailable,
]
