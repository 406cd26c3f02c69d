import { defineConfig } from 'vitest/config'

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		testTimeout: 120_000,
		hookTimeout: 120_000,
		// Limits are for what never comes; how fast things are is told by the bench.
		expect: { poll: { timeout: 60_000 } },
		pool: 'threads',
	},
})
