import * as ipaddr from 'ipaddr.js';

/** Addresses of callers as connections and proxies tell them. */

/** Port and brackets that some proxies add. */
const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/;

/** Reads an address, one of IPv4 in the form of IPv6 as IPv4; null for a text that is none. */
export function addressIn(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const [, ip6, ip4] = WITH_PORT.exec(text) ?? [];
  const address = ip6 ?? ip4 ?? text;
  return ipaddr.isValid(address) ? ipaddr.process(address) : null;
}

/** Groups of an IPv6 address that a provider gives to one customer. */
const NETWORK_GROUPS = 4;

/** The address; of IPv6 its network of 64 bits, since one host has as many addresses in it as it likes. */
export function networkOf(text: string): string {
  const address = addressIn(text);
  if (address === null) return text;
  if (address instanceof ipaddr.IPv4) return address.toString();
  const groups = address.parts.slice(0, NETWORK_GROUPS);
  return groups.map((group) => group.toString(16)).join(':');
}
