import { loadConfig } from '../config/config';
import { existingSigningKey, type SigningKey } from '../http/authentication/signing-key';
import { CliError } from './output';

/** The signing key of the settings. @throws CliError if a server has made none yet */
export function demandSigningKey(): SigningKey {
  const config = loadConfig();
  const signingKey = existingSigningKey(config);
  if (signingKey) return signingKey;
  throw new CliError(`There is no signing key ${config.signingKeyFile}; a server makes one when it starts.`);
}
