import { BlockList, isIP } from 'node:net'

/** Networks in which no stranger's address may lie: private, local, shared, documentation, translated, or everybody's. */
const closed: [network: string, bits: number][] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as [string, number][]),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
  ] as [string, number][]),
  ...([
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as [string, number][]),
  // Of IPv6 only what is handed out (2000::/3) is open at all; within it, what stands for other addresses is closed.
  ...([
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
    ['::', 3],
    ['4000::', 2],
    ['8000::', 1],
  ] as [string, number][]),
]

// One for each: a list takes an IPv4 address for its translation into IPv6 as well.
const lists = { 4: new BlockList(), 6: new BlockList() }
for (const [network, bits] of closed)
  if (network.includes(':')) lists[6].addSubnet(network, bits, 'ipv6')
  else lists[4].addSubnet(network, bits, 'ipv4')

/** Whether the address (as text) is one that anybody in the world may have. */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !lists[4].check(address, 'ipv4')
  return version === 6 && !lists[6].check(address, 'ipv6')
}
