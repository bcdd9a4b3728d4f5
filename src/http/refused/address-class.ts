import { addressIn } from '../caller-address';

/** Kinds of addresses that requests come from: all that is kept of an address. */
export type AddressClass = 'loopback' | 'private' | 'public';

/** Private and link-local networks, and those that providers share (RFC 1918, 3927, 4193, 4291, 6598). */
const PRIVATE: ReadonlySet<string> = new Set(['private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);

/** Class of an address; one of IPv4 in the form of IPv6 is of the class of that of IPv4. */
export function addressClass(text: string): AddressClass {
  const range = addressIn(text)?.range();
  if (range === undefined) return 'public';
  if (range === 'loopback') return 'loopback';
  return PRIVATE.has(range) ? 'private' : 'public';
}
