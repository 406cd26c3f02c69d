import { describe, expect, it } from 'vitest'
import { holds, networkOf, overlaps } from '../../../rules/network/addresses.js'
import { meantBy } from '../../../rules/network/slip.js'

const inside = (outer: string, inner: string) => holds(networkOf(outer), networkOf(inner))

describe('networks', () => {
	it.each([
		['10.42.0.0/16', '10.42.255.255', true],
		['10.42.0.0/16', '10.43.0.0', false],
		['10.42.0.0/16', '10.0.0.0/8', false],
		['0.0.0.0/0', '203.0.113.9', true],
		['10.42.0.7/32', '10.42.0.7', true],
		['fd00:42::/56', 'fd00:42:0:1::7', true],
		['fd00:42::/56', 'fd00:42:0:100::', false],
		['::/0', '10.0.0.1', false],
		['::ffff:0:0/96', '::ffff:10.0.0.1', true],
	])('%s holds %s: %s', (outer, inner, expected) => {
		expect(inside(outer, inner)).toBe(expected)
	})

	it('overlap in both directions', () => {
		expect(overlaps(networkOf('10.0.0.0/8'), networkOf('10.42.0.0/16'))).toBe(true)
		expect(overlaps(networkOf('10.42.0.0/16'), networkOf('10.0.0.0/8'))).toBe(true)
		expect(overlaps(networkOf('192.168.0.0/24'), networkOf('192.168.1.0/24'))).toBe(false)
	})

	it.each([
		'',
		'eth0',
		'10.0.0',
		'10.0.0.256',
		'10.0.0.0/33',
		'10.0.0.0/',
		'1:2:3',
		'::1::2',
		'1::2/129',
		'9'.repeat(500),
	])('%s is none', text => {
		expect(networkOf(text)).toBeUndefined()
	})
})

describe('slips of the pen', () => {
	it('are found among known names and their domains', () => {
		expect(meantBy('rancher.exmaple.org', ['rancher.example.org'], [])).toBe('rancher.example.org')
		expect(meantBy('other.corp.exmaple', [], ['corp.example'])).toBe('corp.example')
	})

	it('are not seen in names that are simply others', () => {
		expect(meantBy('db1', ['db2'], [])).toBeUndefined()
		expect(meantBy('server.example.org', ['gateway.example.net'], ['example.org'])).toBeUndefined()
	})
})
