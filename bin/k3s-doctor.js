#!/usr/bin/env node
import { start } from '../dist/src/cli.js'

await start(process.argv.slice(2))
