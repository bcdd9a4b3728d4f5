import type { Command } from 'commander';
import { text } from 'node:stream/consumers';
import { loadConfig } from '../../config/config';
import { explainToken } from '../../http/authentication/oidc/explain';
import { withReadModels } from '../connections';
import { CliError, printTable } from '../output';

/** `rolebook oidc explain`: what an access token comes to, without signing anybody in. */
export function addOidc(program: Command): void {
  const oidc = program.command('oidc').description('look into access tokens of the issuers of the settings');
  oidc
    .command('explain')
    .description(
      'read an access token from stdin and print whether it is taken, whom it names, and what they may do',
    )
    .option('--json', 'print JSON instead of a table')
    .action(({ json = false }: { readonly json?: boolean }) => explain(json));
}

async function explain(json: boolean): Promise<void> {
  const { oidc } = loadConfig();
  if (oidc === null) throw new CliError('The settings name no issuer of access tokens (ROLEBOOK_OIDC_...).');
  const token = (await text(process.stdin)).trim().replace(/^Bearer +/i, '');
  await withReadModels(async (readModels) => {
    printTable(['what', 'found'], await explainToken(token, oidc, readModels), json);
  });
}
