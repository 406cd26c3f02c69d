/** Every check, by checklist. */
export { preflightChecks } from './preflight/index.js'
export { verifyChecks } from './verify/index.js'
