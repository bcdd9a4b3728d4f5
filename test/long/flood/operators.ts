import type { Random } from '../random';
import type { Known } from './known';
import type { Change, Request } from './request';

/** Request of an operator: several commands at once, one of them to an account of its own. */
export function operatorRequest(
  { known, account, token }: { readonly known: Known; readonly account: string; readonly token: string },
  random: Random,
): Request {
  const own = known.fresh();
  const commands: readonly (readonly [account: string, command: Record<string, unknown>])[] = [
    [
      own,
      {
        type: 'openAccount',
        name: `Account ${own}`,
        features: ['ACCOUNT_SETTINGS', random.pick(known.features)],
      },
    ],
    [account, { type: 'registerUser', user: `o-${own}`, username: `o-${own}`, name: `Of ${own}` }],
    [account, { type: 'recordLogin', user: userOf(random, known), at: new Date().toISOString() }],
  ];
  const changes = new Map<string, Change>();
  const items = commands.map(([of, command], index) => {
    const type = command['type'] as string;
    // Each is sent under a key, so that the batch can be sent again.
    const key = `${own}-${index}`;
    const mustWrite = type === 'openAccount' || type === 'registerUser';
    changes.set(String(index), {
      account: of,
      user: null,
      command: type,
      key,
      target: null,
      mustWrite,
      input: command,
    });
    return { command, context: { account: of, requestId: own, idempotencyKey: key } };
  });
  return {
    path: '/operator/commands',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(items),
    actor: null,
    operations: [...new Set(commands.map(([, { type }]) => `operator ${String(type)}`))],
    document: null,
    changes,
    atLimit: false,
  };
}

/** Now and then nobody. */
const userOf = (random: Random, known: Known): string =>
  random.chance(0.1) ? 'nobody' : known.activeUser(random).replace(/^User:/, '');
