import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openKeyBook } from '../../../src/app/open-key-book';
import { loadConfig } from '../../../src/config/config';
import type { EventStore } from '../../../src/event-store/port/event-store';
import { parseStream } from '../../../src/event-store/port/streams';
import { keysIn } from '../../../src/sealing/keys-in';
import type { Installation } from '../../end-to-end/installation';
import type { Check, PartReport } from '../part';
import type { Commands, Folders } from './commands';
import { faultsOf, type Killing } from './killing';
import type { People, Person } from './people';

/** Verdict on what many kills left: all is begun again once, ends, and is what was acknowledged. */

interface Left {
  readonly installation: Installation;
  readonly folders: Folders;
  readonly people: People;
  readonly commands: Commands;
  readonly killing: Killing;
}

const none = (what: string, found: readonly string[]): Check => ({
  what,
  holds: found.length === 0,
  found: found.length === 0 ? 'none' : `${found.length}, as ${found.slice(0, 3).join('; ')}`,
});

export async function verdict(left: Left): Promise<PartReport> {
  const { installation, folders, people, commands, killing } = left;
  const served = await whileServing(left);
  await rotated(commands);
  const digest = (): Promise<string> => installation.rolebook('digest').then(({ stdout }) => stdout.trim());
  const before = await digest();
  for (const words of [['rebuild'], ['log', 'verify'], commands.backup, commands.logCopy, commands.keysCopy])
    await commands.run(words);
  await commands.run(['backup', 'verify', folders.backup]);
  const rebuilt = await digest();
  const store = await installation.openLog();
  const users = await usersIn(store).finally(() => store.close());
  const ofBook = await keyFaults(installation.directory, users);
  const ofCopy = await keyFaults(folders.keys, users);
  const { counts } = killing;
  const { registered, updated, erased, released, unanswered } = people.counts;
  return {
    checks: [
      none('every command that nobody killed ends well', commands.failed),
      none('no request is refused or fails without a cause', people.unexpected),
      none('everybody is shown as acknowledged after each start', killing.differed),
      ...served,
      none('keys of the erased are destroyed, those of all others are there', ofBook),
      none('the same holds of the copy of the key book', ofCopy),
      none('nobody shares a key', sharedKeys(users)),
      ...wordChecks(left, users),
      none('no username is borne twice', [...people.borneTwice, ...claimedTwice(users)]),
      {
        what: 'the digest is that of a rebuild',
        holds: before !== '' && before === rebuilt,
        found: rebuilt,
      },
      {
        what: 'there was something to lose',
        holds: Math.min(registered, updated, erased, released) > 0,
        found: `${registered} registered, ${updated} updated, ${erased} erased, ${released} released, ${unanswered} unanswered`,
      },
    ],
    counts: { kills: killing.total, ...counts, ...people.counts, ...Object.fromEntries(commands.ended) },
  };
}

/** A last start, at which everybody is looked at. */
async function whileServing({ installation, people }: Left): Promise<Check[]> {
  const server = await installation.start();
  const differ = await faultsOf(server, people.all);
  const code = await server.stop();
  return [
    none('everybody is what was acknowledged', differ),
    { what: 'the server stops in order', holds: code === 0, found: `exit code ${code}` },
  ];
}

/** Ends the rotation that is under way, and makes another one, since somebody may have been erased after it. */
async function rotated(commands: Commands): Promise<void> {
  for (let left = 4; left > 0; left -= 1) {
    const words = commands.rotation();
    await commands.run(words);
    if (left <= 2 && words[1] === 'rotate') return;
  }
}

interface User {
  readonly account: string;
  readonly keys: Set<string>;
  claims: readonly string[];
  erased: boolean;
  released: boolean;
}

async function usersIn(store: EventStore): Promise<Map<string, User>> {
  const users = new Map<string, User>();
  for await (const event of store.readAll()) {
    const owner = parseStream(event.stream);
    if (owner?.category !== 'user' || !owner.id) continue;
    const account = owner.account ?? '';
    const user = users.get(owner.id) ?? {
      account,
      keys: new Set<string>(),
      claims: [],
      erased: false,
      released: false,
    };
    users.set(owner.id, user);
    if (event.type === 'UserErased') user.erased = true;
    else for (const key of keysIn(event)) user.keys.add(key);
    if (event.type === 'UsernameReleased') user.released = true;
    const { claims } = event.data as { readonly claims?: readonly string[] };
    if (claims !== undefined) user.claims = claims;
  }
  return users;
}

async function keyFaults(directory: string, users: ReadonlyMap<string, User>): Promise<string[]> {
  const book = await openKeyBook(loadConfig({ ROLEBOOK_DATA_DIR: directory }), { readOnly: true });
  const found: string[] = [];
  try {
    for (const [id, { account, keys, erased }] of users) {
      for (const key of keys) {
        const { state } = await book.find(account, key);
        if (state !== (erased ? 'erased' : 'found'))
          found.push(`${id}, ${erased ? 'erased' : 'living'}: ${state}`);
      }
    }
    const { damaged } = await book.status();
    return [...found, ...damaged.map((segment) => `damaged: ${segment}`)];
  } finally {
    await book.close();
  }
}

const sharedKeys = (users: ReadonlyMap<string, User>): string[] =>
  twice([...users.values()].flatMap(({ keys }) => [...keys]));

const claimedTwice = (users: ReadonlyMap<string, User>): string[] =>
  twice(
    [...users.values()].flatMap(({ claims, released, account }) =>
      released ? [] : claims.map((claim) => `${account} ${claim}`),
    ),
  );

function twice(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

/** Searches all files for the words of the erased; whoever was asked for, and is erased in the log, counts too. */
function wordChecks({ installation, folders, people }: Left, users: ReadonlyMap<string, User>): Check[] {
  const isErased = ({ id }: Person): boolean => users.get(id.replace(/^User:/, ''))?.erased ?? false;
  const found = { erased: [] as string[], living: 0 };
  for (const folder of [installation.directory, folders.backup, folders.log, folders.keys]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = readFileSync(path.join(entry.parentPath, entry.name));
      for (const person of people.all) {
        const words = [...person.words].filter((word) => bytes.includes(word));
        if (isErased(person)) found.erased.push(...words.map((word) => `${entry.name}: ${word}`));
        else found.living += words.length;
      }
    }
  }
  return [
    none('no file holds a name of an erased user', found.erased),
    {
      what: 'the same search finds names of others',
      holds: found.living > 0,
      found: `${found.living} in tables`,
    },
  ];
}
