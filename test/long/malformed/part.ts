import { progress } from '../../../src/cli/progress';
import { loadConfig } from '../../../src/config/config';
import { issueOperatorToken } from '../../../src/http/authentication/local-tokens';
import { loadSigningKey } from '../../../src/http/authentication/signing-key';
import { publishedSchema } from '../flood/flood';
import { FloodServer, type Held } from '../flood/server';
import { memoryCheck } from '../flood/verdict';
import type { Check, Part, PartReport } from '../part';
import type { Target } from './kinds';
import { Answers, sendMalformed } from './sending';

/**
 * Requests of which each is malformed in some way, over connections that are kept: none is answered by a fault of the
 * server, none shows its inside, and its memory stays as it was.
 */

const REQUESTS = 100_000;
const CLIENTS = 16;
/** Memory samples: five in each fifth. */
const SAMPLES = 25;
const SHOWN = 5;

export const malformed: Part = async ({ scale, random }) => {
  const server = await FloodServer.start(1);
  try {
    const answers = new Answers();
    const held: Held[] = [];
    const count = Math.ceil((REQUESTS * scale) / SAMPLES);
    const target = await targetOf(server);
    const shown = progress('Malformed requests');
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      await sendMalformed(server.process.url, target, { count, clients: CLIENTS, random, answers });
      held.push(await server.held());
      shown.update(answers.sent, count * SAMPLES);
    }
    shown.finish();
    return await reportOf(server, answers, held);
  } finally {
    server.remove();
  }
};

interface Stock {
  readonly roles: { readonly nodes: readonly { readonly id: string }[] };
  readonly users: { readonly nodes: readonly { readonly id: string }[] };
  readonly me: { readonly id: string };
}

async function targetOf({ process, installation }: FloodServer): Promise<Target> {
  const { data } = await process.graphql<Stock>(
    '{ me { id } roles(kind: CUSTOM, first: 1) { nodes { id } } users(first: 2) { nodes { id } } }',
  );
  // The caller stays as it is.
  const user = data.users.nodes.find(({ id }) => id !== data.me.id);
  const key = loadSigningKey(loadConfig(installation.settings));
  const day = new Date(Date.now() + 86_400_000);
  return {
    schema: publishedSchema(),
    user: process.token,
    operator: await issueOperatorToken(key, { expiresAt: day }),
    roleId: data.roles.nodes[0]!.id,
    userId: user!.id,
  };
}

async function reportOf(server: FloodServer, answers: Answers, held: readonly Held[]): Promise<PartReport> {
  const after = await server.process.graphql<Stock>('{ me { id } roles(first: 1) { nodes { id } } }');
  const { faults, byKind, byStatus, sent } = answers;
  const exitCode = await server.stop();
  const logged = server.faultsLogged();
  const statuses = Object.entries(byStatus).map(
    ([status, count]) => `${status}: ${count.toLocaleString('en')}`,
  );
  const least = Math.min(...Object.values(byKind));
  const checks: Check[] = [
    none(
      'no answer of 500 or above, none that shows the inside of the server, none missing',
      faults,
      statuses.join(', '),
    ),
    none('nothing that the server logged as its own fault', logged),
    {
      what: 'it answers as before, and ends when told to',
      holds: after.errors === undefined && exitCode === 0,
      found: `${JSON.stringify(after.errors ?? [])}, exit code ${exitCode}`,
    },
    {
      what: 'of each kind at least a hundredth',
      holds: least >= sent / 100,
      found: `${Object.keys(byKind).length} kinds, at least ${least}`,
    },
    memoryCheck(held, sent),
  ];
  return { checks, counts: { requests: sent, faults: faults.length } };
}

const none = (what: string, faults: readonly string[], otherwise = 'none'): Check => ({
  what,
  holds: faults.length === 0,
  found: faults.length === 0 ? otherwise : `${faults.length}: ${faults.slice(0, SHOWN).join('\n')}`,
});
