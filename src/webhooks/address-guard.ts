import { BlockList, isIP } from 'node:net'
import { GoodfenceError } from '../core/errors.ts'

export interface AddressRules {
  /** This machine may be reached: for tests, and while developing. @default false */
  readonly allowLoopback?: boolean | undefined
  /** Further addresses and networks, such as `10.1.0.0/16`, that may be reached. @default none */
  readonly allow?: readonly string[] | undefined
}

/**
 * Makes the judge of addresses that a stranger may have named: only what is public on the internet may be
 * reached, never this machine, its networks, or what their operators answer at.
 *
 * It judges addresses, not names: ask it again for the address that a socket is connected to. Throws
 * `usage` for an allowed network that is none.
 */
export function addressGuard({ allowLoopback = false, allow = [] }: AddressRules = {}): (address: string) => boolean {
  const allowed = networks([...allow, ...(allowLoopback ? loopback : [])])
  return (address) => {
    const version = isIP(address)
    // An address with a zone, as in fe80::1%eth0, is one of a local network.
    if (version === 0 || address.includes('%')) return false
    return allowed.check(address, version === 4 ? 'ipv4' : 'ipv6') || isPublic(address, version)
  }
}

const loopback = ['127.0.0.0/8', '::1']

/** IANA's registry of special addresses (RFC 6890), read 2026-11-21, and what clouds keep for themselves. */
const specialV4 = networks([
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by customers of a carrier
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's platform
  '169.254.0.0/16', // link-local, with the metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays to 6to4
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
])

/** All that is given out so far; the rest of the space is local, special or nobody's. */
const globalV6 = networks(['2000::/3'])
const specialV6 = networks([
  '2001::/23', // protocol assignments, with Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which wraps any IPv4 address
  '3fff::/20', // documentation
])

/** Addresses that hold an IPv4 address in their last 32 bits: mapped, and translated by NAT64 (RFC 6052). */
const wrappedV4 = networks(['::ffff:0:0/96', '64:ff9b::/96'])

function isPublic(address: string, version: number): boolean {
  if (version === 4) return !specialV4.check(address)
  if (wrappedV4.check(address, 'ipv6')) return !specialV4.check(lastV4(address))
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')
}

/** The IPv4 address in the last 32 bits, whichever way the address is written. */
function lastV4(address: string): string {
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':')
  return groups
    .slice(-2)
    .flatMap((group) => [Number.parseInt(group || '0', 16) >> 8, Number.parseInt(group || '0', 16) & 255])
    .join('.')
}

function networks(listed: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of listed) {
    const [address = '', bits] = network.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    const prefix = bits === undefined ? most : Number(bits)
    if (version === 0 || !(prefix >= 0 && prefix <= most) || bits === '') {
      throw new GoodfenceError('usage', `${JSON.stringify(network)} is neither an address nor a network.`, {
        mend: 'write addresses as 10.1.2.3 or fd00::1, and networks as 10.1.0.0/16',
      })
    }
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
