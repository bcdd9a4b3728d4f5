/** Names of this machine, which nobody else reaches. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** True for an address that is encrypted, or that never leaves this machine. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && LOOPBACK.includes(hostname.replace(/^\[|\]$/g, ''));
}
