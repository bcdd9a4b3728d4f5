/** Base64url leaves bits of a last character unused, which decoders ignore: one token would have several spellings. */
export const hasOneText = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
