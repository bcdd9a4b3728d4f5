import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The key that signs tokens, and the one that signs cookies: made once, so that tokens outlive a restart. */
export function keysIn(folder) {
  const file = path.join(folder, 'keys.json');
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, JSON.stringify(newKeys()), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

function newKeys() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
  return {
    signing: { ...jwk, kid: randomBytes(8).toString('hex') },
    cookies: randomBytes(32).toString('hex'),
  };
}
