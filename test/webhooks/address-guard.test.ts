import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { addressGuard } from '../../src/webhooks/address-guard.ts'

const mayReach = addressGuard()

describe('the guard of addresses', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['the far end of loopback', '127.255.255.254'],
    ['this host', '0.0.0.0'],
    ['a private network', '10.0.0.1'],
    ['the last of a private network', '172.31.255.255'],
    ['a home network', '192.168.1.1'],
    ["a carrier's network", '100.64.0.1'],
    ['the metadata of a cloud', '169.254.169.254'],
    ["Azure's platform", '168.63.129.16'],
    ["Oracle's metadata", '192.0.0.192'],
    ['a benchmark network', '198.19.255.255'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.7'],
    ['a relay to 6to4', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['no address', '::'],
    ['loopback that is mapped', '::ffff:127.0.0.1'],
    ['loopback that is mapped, in hex', '::ffff:7f00:1'],
    ['loopback that is mapped, written out', '0:0:0:0:0:ffff:7f00:1'],
    ['loopback that is compatible', '::127.0.0.1'],
    ['loopback that is translated', '::ffff:0:127.0.0.1'],
    ['loopback behind NAT64', '64:ff9b::7f00:1'],
    ['loopback behind NAT64, dotted', '64:ff9b::127.0.0.1'],
    ['this host behind NAT64', '64:ff9b::'],
    ['a local NAT64', '64:ff9b:1::7f00:1'],
    ['loopback in 6to4', '2002:7f00:1::'],
    ['loopback in Teredo', '2001:0:4136:e378:8000:63bf:80ff:fffe'],
    ['a unique local address', 'fd00:ec2::254'],
    ['a link-local address', 'fe80::1'],
    ['a link-local address with its zone', 'fe80::1%eth0'],
    ['a public address with a zone', '2606:4700::1111%lo'],
    ['a site-local address', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff:fff::1'],
    ['a name', 'localhost'],
    ['nothing', ''],
    ['a number', '2130706433'],
  ])('refuses %s: %s', (_, address) => {
    expect(mayReach(address)).toBe(false)
  })

  test.each([
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '64:ff9b::8.8.8.8',
  ])('lets %s pass', (address) => {
    expect(mayReach(address)).toBe(true)
  })

  test('refuses whatever ipaddr.js does not call unicast, over all of IPv4', () => {
    const octet = fc.oneof(
      fc.constantFrom(
        0,
        2,
        10,
        15,
        16,
        18,
        19,
        31,
        63,
        64,
        88,
        99,
        100,
        113,
        127,
        128,
        168,
        169,
        172,
        192,
        198,
        203,
        224,
      ),
      fc.nat(255),
    )
    const v4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))
    fc.assert(
      fc.property(v4, (address) => {
        // Ranges that ipaddr.js calls special and that are reached over the internet all the same: sinks of reverse DNS.
        const known = ['as112', 'amt']
        const range = ipaddr.parse(address).range()
        if (range !== 'unicast' && !known.includes(range)) expect([range, mayReach(address)]).toEqual([range, false])
        else expect([range, mayReach(address)]).toEqual([range, address !== '168.63.129.16'])
      }),
      { numRuns: 20_000 },
    )
  })

  test('refuses whatever ipaddr.js does not call unicast, over all of IPv6', () => {
    const group = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x2001, 0x2002, 0x64, 0xff9b, 0xfe80, 0xfc00), fc.nat(0xffff))
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const address = groups.map((each) => each.toString(16)).join(':')
        const range = ipaddr.parse(address).range()
        if (range !== 'unicast' && !(range === 'ipv4Mapped' || range === 'rfc6052'))
          expect([address, range, mayReach(address)]).toEqual([address, range, false])
      }),
      { numRuns: 5_000 },
    )
  })

  test('judges an address that wraps an IPv4 address as it judges that', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(mayReach(`::ffff:${address}`)).toBe(mayReach(address))
        expect(mayReach(`64:ff9b::${address}`)).toBe(mayReach(address))
      }),
      { numRuns: 2_000 },
    )
  })

  test('lets this machine be reached when told so, in every form', () => {
    const local = addressGuard({ allowLoopback: true })
    expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].map(local)).toEqual([true, true, true, true])
    expect(['10.0.0.1', '0.0.0.0', '::', 'fd00::1'].map(local)).toEqual([false, false, false, false])
  })

  test('lets a network be reached that it was told, and no other', () => {
    const own = addressGuard({ allow: ['10.1.0.0/16', 'fd00::7'] })
    expect(['10.1.255.1', 'fd00::7', '::ffff:10.1.0.1'].map(own)).toEqual([true, true, true])
    expect(['10.2.0.1', 'fd00::8', '127.0.0.1'].map(own)).toEqual([false, false, false])
  })

  test.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/a', '', '::1/129'])(
    'does not start with a network that is none: %j',
    (network) => {
      expect(() => addressGuard({ allow: [network] })).toThrow(/neither an address nor a network/)
    },
  )
})
