import { ConfigError, type Config } from '../config/config';
import { allInFolder, demandEphemeral } from '../config/ephemeral';
import { issueToken } from '../http/authentication/local-tokens';
import { ROUTES } from '../http/routes';
import { people } from '../operations/demo/people';
import { DEMO_ACCOUNT } from '../operations/demo/seed';
import { fixedSources } from './log-sources';
import { processParts, startServer, type Serving } from './serve';
import { removeLeftFolders, temporaryFolder } from './temporary-folder';

/**
 * Servers for the tests of frontends: each is the demo, the same each time, in a folder of its own that is gone when the
 * process ends.
 */

const LAST_PORT = 65_535;

/** Line of JSON on stdout that says that a server is ready. Fields are only added to it. */
export interface Ready {
  /** Address of the server, without a slash at its end. */
  readonly url: string;
  /** Address of the API. */
  readonly graphql: string;
  /** Id of the account that all tokens are of. */
  readonly account: string;
  /** Tokens of all users of the account, by username. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly pid: number;
}

/**
 * Serves as many demos as are asked for until the process is told to end. A port other than 0 is that of the first; the
 * others have those after it.
 * @throws ConfigError where the settings are of a server that keeps something
 */
export async function serveEphemeral(settings: Config, instances: number): Promise<void> {
  demandEphemeral(settings);
  if (settings.port + instances - 1 > LAST_PORT)
    throw new ConfigError([`PORT=${settings.port}: there are no ${instances} ports from it on.`]);
  const parts = await processParts(settings);
  const starting = Array.from({ length: instances }, (_, index) => {
    const port = settings.port === 0 ? 0 : settings.port + index;
    const config = allInFolder({ ...settings, port }, temporaryFolder());
    return startServer(config, parts, fixedSources());
  });
  for (const serving of await Promise.all(starting))
    process.stdout.write(`${JSON.stringify(await readyLine(serving))}\n`);
  removeLeftFolders();
}

async function readyLine({ url, readModels, signingKey }: Serving): Promise<Ready> {
  const ids = readModels.view(DEMO_ACCOUNT).userIds(people.map(({ username }) => username));
  const tokens: Record<string, string> = {};
  for (const [username, user] of ids)
    tokens[username] = await issueToken(signingKey, { account: DEMO_ACCOUNT, user });
  return { url, graphql: `${url}${ROUTES.graphql.path}`, account: DEMO_ACCOUNT, tokens, pid: process.pid };
}
