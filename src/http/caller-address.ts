import { isIPv6 } from 'node:net';

/** Addresses of callers as connections and proxies tell them, brought into one form each. */

const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/;

/** The address alone: without the port and brackets that some proxies add; IPv4 in the form of IPv6 as IPv4. */
export function plainAddress(text: string): string {
  const [, ip6, ip4] = WITH_PORT.exec(text) ?? [];
  const address = ip6 ?? ip4 ?? text;
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  if (groups === null) return address;
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!isMapped) return address;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** Groups of an IPv6 address that a provider gives to one customer. */
const NETWORK_GROUPS = 4;

/** The address; of IPv6 its network of 64 bits, since one host has as many addresses in it as it likes. */
export function networkOf(text: string): string {
  const address = plainAddress(text);
  const groups = isIPv6(address) ? groupsOf(address) : null;
  return groups === null
    ? address
    : groups
        .slice(0, NETWORK_GROUPS)
        .map((group) => group.toString(16))
        .join(':');
}

const GROUPS = 8;

/** The eight groups of an IPv6 address; null for one that is written in no form known here. */
function groupsOf(address: string): number[] | null {
  const [bare = ''] = address.split('%');
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(bare);
  const hex = (high: string, low: string): string => (Number(high) * 256 + Number(low)).toString(16);
  const text = dotted ? `${dotted[1]}${hex(dotted[2]!, dotted[3]!)}:${hex(dotted[4]!, dotted[5]!)}` : bare;
  const [head = '', tail] = text.split('::');
  const parts = (side: string): number[] =>
    side
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const [before, after] = [parts(head), parts(tail ?? '')];
  const gap = tail === undefined ? 0 : GROUPS - before.length - after.length;
  if (gap < 0) return null;
  const groups = [...before, ...Array<number>(gap).fill(0), ...after];
  return groups.length === GROUPS ? groups : null;
}
