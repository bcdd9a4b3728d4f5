import type { Command } from 'commander';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeFailure } from '../../app/expected-failure';
import { loadConfig } from '../../config/config';
import type { OidcIssuer } from '../../config/oidc-issuer';
import { explainToken } from '../../http/authentication/oidc/explain';
import { explanationOf } from '../../http/authentication/oidc/explanation';
import { serveOperatorPage } from '../../http/operator-page/serve-page';
import { withReadModels } from '../connections';
import { CliError, line, message, printTable } from '../output';
import { parseDuration, parseWhole } from '../values';

/** `rolebook oidc explain` and `rolebook oidc page`: what an access token comes to, without signing anybody in. */
export function addOidc(program: Command): void {
  const oidc = program.command('oidc').description('look into access tokens of the issuers of the settings');
  oidc
    .command('explain')
    .description(
      'read an access token from stdin and print whether it is taken, whom it names, and what they may do',
    )
    .option('--json', 'print JSON instead of a table')
    .action(({ json = false }: { readonly json?: boolean }) => explain(json));
  oidc
    .command('page')
    .description('serve a page that does the same in a browser of this machine, and print its address')
    .option('--port <port>', 'port of 127.0.0.1; default a free one', parseWhole(0, 65_535), 0)
    .option('--expires <duration>', 'time after which it ends, as 45m, 12h or 30d', parseDuration, HOUR_MS)
    .action(page);
}

const HOUR_MS = 3_600_000;
/** Longest time that a timer takes, in milliseconds: 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

async function explain(json: boolean): Promise<void> {
  const issuers = demandIssuers();
  const token = (await text(process.stdin)).trim().replace(/^Bearer +/i, '');
  await withReadModels(async (readModels) => {
    printTable(['what', 'found'], await explainToken(token, issuers, readModels), json);
  });
}

interface PageOptions {
  readonly port: number;
  /** In milliseconds. */
  readonly expires: number;
}

/** Serves the page until it is ended, or its time is over. The tables are opened for each token: they may be rebuilt. */
async function page({ port, expires }: PageOptions): Promise<void> {
  const issuers = demandIssuers();
  const served = await serveOperatorPage({
    port,
    explain: (token) => withReadModels((readModels) => explanationOf(token, issuers, readModels)),
    onFailure: (error) => message(describeFailure(error, error instanceof CliError)),
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new CliError(`The port ${port} is taken.`) : error;
  });
  await line(served.url);
  message('Whoever has this address sees what tokens come to. Ctrl+C ends it.');
  const over = new AbortController();
  const { signal } = over;
  const ends = [once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })];
  await Promise.race([...ends, sleep(Math.min(expires, LONGEST_TIMER_MS), undefined, { signal })]);
  over.abort();
  await Promise.allSettled(ends);
  await served.close();
}

function demandIssuers(): readonly OidcIssuer[] {
  const { oidc } = loadConfig();
  if (oidc === null) throw new CliError('The settings name no issuer of access tokens (ROLEBOOK_OIDC_...).');
  return oidc;
}
