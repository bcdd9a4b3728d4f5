import { ImportFormatError } from '../../src/operations/transfer/report';
import { Transfer } from './transfer';

/** Importing users: every line has its answer, the good ones go in, and the same file twice changes nothing. */

const transfer = new Transfer();
beforeAll(() => transfer.open());
afterAll(() => transfer.close());
beforeEach(() => transfer.faults.splice(0));

const HEADER = 'username,name,id';
const of = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;
/** Lines of persons without identities. */
const exported = (...lines: string[]): string =>
  `${[`${HEADER},status,externalId,kind,issuer,subject`, ...lines.map((line) => `${line},PERSON,,`)].join('\n')}\n`;

test('the same file twice writes nothing the second time, nor does what it holds of a third', async () => {
  await transfer.account('twice');
  const file = of(...Array.from({ length: 700 }, (_, n) => `user${n},User ${n},`));
  expect(await transfer.users('twice', file)).toEqual({ written: 700, unchanged: 0, refused: 0 });
  const events = await transfer.events();
  expect(await transfer.users('twice', file)).toEqual({ written: 0, unchanged: 700, refused: 0 });
  expect(await transfer.events()).toBe(events);
  expect(await transfer.users('twice', `${file}late,Late,\n`)).toEqual({
    written: 1,
    unchanged: 700,
    refused: 0,
  });
  expect(transfer.faults).toEqual([]);
});

test('each bad line has an answer of its own, and the good lines go in', async () => {
  await transfer.account('bad');
  const file = Buffer.from(
    of(
      'ann,Ann,ann',
      'ann,Ann,ann',
      'x,"open,x',
      'x,a "quote" within,x',
      'x,\xff,x',
      `${'y'.repeat(10_000_000)},L,l`,
      ',None,n',
      'x,y',
      'x,y,z,w',
      'x,X,not an id',
      'ann,Another,other',
      'ann,Renamed,ann',
      'anna,Ann,ann',
      'x,two\u0007tones,x',
      `${'z'.repeat(201)},Z,z`,
      'ok,Ok,ok',
      'lone',
    ),
    'latin1',
  );
  const summary = await transfer.users('bad', file);
  expect(summary).toEqual({ written: 2, unchanged: 1, refused: 14 });
  const said = Object.fromEntries(
    transfer.faults.map((fault) => [Number(fault.split(' ')[0]), fault.replace(/^\d+ /, '')]),
  );
  expect(said).toEqual({
    4: 'leaves a quote open',
    5: 'is not CSV: a quote is out of place',
    6: 'has a byte that is not UTF-8',
    7: 'longer than 1048576 bytes',
    8: expect.stringContaining('INVALID_INPUT: A username is one line'),
    9: 'has 2 fields, the header has 3',
    10: 'has 4 fields, the header has 3',
    11: 'has an id that is not 1 to 64 of A-Z a-z 0-9 _ -',
    12: expect.stringContaining('USERNAME_TAKEN'),
    13: expect.stringContaining('is there already, with another name or under another username'),
    14: expect.stringContaining('is there already, with another name or under another username'),
    15: expect.stringContaining('INVALID_INPUT: A name is one line'),
    16: expect.stringContaining('INVALID_INPUT: A username is one line'),
    18: 'has 1 field, the header has 3',
  });
  expect(await transfer.exportedUsers('bad')).toBe(exported('ann,Ann,ann,ACTIVE,', 'ok,Ok,ok,ACTIVE,'));
  const events = await transfer.events();
  expect(await transfer.users('bad', file)).toEqual({ written: 0, unchanged: 3, refused: 14 });
  expect(await transfer.events()).toBe(events);
});

test('a user listed twice under one username, in two spellings, is one user', async () => {
  await transfer.account('spelt');
  expect(await transfer.users('spelt', 'username,name\nAnn,Ann\nANN,Ann\n')).toMatchObject({ written: 1 });
  expect(transfer.refusedLines).toHaveLength(1);
  expect((await transfer.exportedUsers('spelt')).trim().split('\n')).toHaveLength(2);
});

test.each([
  ['with a byte order mark', '\ufeffusername,name\nann,Ann\nbob,Bob\n'],
  ['with the line ends of Windows', 'username,name\r\nann,Ann\r\nbob,Bob\r\n'],
  ['whose last line does not end', 'username,name\nann,Ann\nbob,Bob'],
  ['with empty lines', 'username,name\n\nann,Ann\n   \nbob,Bob\n\n\n'],
  ['with its columns in another order and case', 'Name, Username\nAnn,ann\nBob,bob\n'],
  ['with quotes and spaces around', 'username,name\n"ann","Ann"\n bob , Bob \n'],
  ['with the line ends of old', 'username,name\rann,Ann\rbob,Bob\r'],
  ['with a CRLF header and quoted lines that end in CR', 'username,name\r\n"ann","Ann"\r"bob","Bob"\r'],
  ['separated by semicolons', 'username;name\nann;Ann\nbob;"Bob"\n'],
  ['separated by tabs', 'username\tname\nann\tAnn\nbob\tBob\n'],
  ['with empty lines before its header', '\n\r\nusername,name\nann,Ann\nbob,Bob\n'],
])('a file %s', async (form, text) => {
  const account = `form-${form.replace(/\W/g, '-').slice(0, 40)}`;
  await transfer.account(account);
  expect(await transfer.users(account, text)).toEqual({ written: 2, unchanged: 0, refused: 0 });
  expect(await transfer.exportedUsers(account)).toMatch(
    /^username,name,id,status,externalId,kind,issuer,subject\nann,Ann,u_\w+,ACTIVE,,PERSON,,\nbob,Bob,u_\w+,ACTIVE,,PERSON,,\n$/,
  );
});

test.each([
  ['that is empty', '', 'The file is empty'],
  [
    'without a header',
    'ann,Ann\nbob,Bob\n',
    'Line 1 is "ann", "Ann": there is no column username and no column name.',
  ],
  ['without names', 'username\nann\n', 'Line 1 is "username": there is no column name.'],
  ['with a column twice', 'username,name,Name\nann,Ann,Ann\n', 'names the column name twice'],
  ['separated by bars', 'username|name\nann|Ann\n', 'Line 1 is "username|name"'],
  ['of control characters', '\u001b[31m,x\n', 'Line 1 is "\\u001b[31m", "x"'],
  ['with a long first line', `${'x'.repeat(9_999)}\n`, 'xxx…: there is no column'],
  [
    'whose header is not UTF-8',
    Buffer.from('username,nam\xe9\nann,Ann\n', 'latin1'),
    'Line 1 has a byte that is not UTF-8.',
  ],
  ['whose header leaves a quote open', '"username,name\nann,Ann\n', 'Line 1 leaves a quote open.'],
])(
  'a file %s is refused as a whole, and told what it is and what it ought to be',
  async (_form, text, found) => {
    await transfer.account('whole');
    const error = await transfer.users('whole', text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImportFormatError);
    expect((error as Error).message).toContain(found);
    expect((error as Error).message).toContain('username');
    expect(await transfer.exportedUsers('whole')).toBe(exported());
  },
);

test('further columns are not read, which is said, whatever is in them', async () => {
  await transfer.account('further');
  const file = 'email,username,notes,name\na@b,ann,"two\r\nlines, ""quoted""",Ann\n,bob,,Bob\n';
  expect(await transfer.users('further', file)).toEqual({ written: 2, unchanged: 0, refused: 0 });
  expect(transfer.notes.splice(0)).toEqual(['Not read: the columns "email", "notes".']);
  expect(await transfer.users('further', 'username,name,\ncat,Cat,\n')).toMatchObject({ written: 1 });
  expect(transfer.notes.splice(0)).toEqual(['Not read: the column "".']);
});

test('a quoted field that goes on over lines is one record, and its end is told', async () => {
  await transfer.account('over');
  const file = 'username,name\nann,"Ann\nof Arles"\nbob,Bob\ncat,"Cat\ndan,Dan\neve,Eve\n';
  expect(await transfer.users('over', file)).toEqual({ written: 3, unchanged: 0, refused: 2 });
  expect(transfer.faults).toEqual([
    '5 leaves a quote open',
    expect.stringMatching(/^2 INVALID_INPUT: A name is one line .* \(a quoted field goes on to line 3\)$/),
  ]);
});

describe('the status', () => {
  const status = async (account: string): Promise<string[]> =>
    (await transfer.exportedUsers(account))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/,.*,(\w+),,PERSON,,$/, ' $1'));

  test('is taken for new users and for those who are there; without it nobody changes', async () => {
    await transfer.account('status');
    const file = 'username,name,status\nann,Ann,active\nbob,Bob,INACTIVE\ncat,Cat,\ndan,Dan,dismissed\n';
    expect(await transfer.users('status', file)).toEqual({ written: 3, unchanged: 0, refused: 1 });
    expect(transfer.faults).toEqual(['5 has a status that is neither ACTIVE nor INACTIVE']);
    expect(await status('status')).toEqual(['ann ACTIVE', 'bob INACTIVE', 'cat ACTIVE']);
    const events = await transfer.events();
    expect(await transfer.users('status', file)).toEqual({ written: 0, unchanged: 3, refused: 1 });
    expect(await transfer.users('status', 'username,name\nann,Ann\nbob,Bob\n')).toMatchObject({
      unchanged: 2,
    });
    expect(await transfer.events()).toBe(events);
    const other = 'username,name,status\nann,Ann,INACTIVE\nbob,Bob,ACTIVE\ncat,Cat,ACTIVE\n';
    expect(await transfer.users('status', other)).toEqual({ written: 2, unchanged: 1, refused: 0 });
    expect(await status('status')).toEqual(['ann INACTIVE', 'bob ACTIVE', 'cat ACTIVE']);
  });

  test('of many lines is set in their order: the last one holds', async () => {
    await transfer.account('last');
    const lines = Array.from({ length: 400 }, (_, n) => `user${n % 7},User,${n % 3 ? 'ACTIVE' : 'INACTIVE'}`);
    const file = `username,name,status\n${lines.join('\n')}\n`;
    const { written, unchanged, refused } = await transfer.users('last', file);
    expect([written + unchanged, refused]).toEqual([400, 0]);
    const last = Array.from({ length: 7 }, (_, user) => {
      const index = 399 - ((399 - user) % 7);
      return `user${index % 7} ${index % 3 ? 'ACTIVE' : 'INACTIVE'}`;
    });
    expect(await status('last')).toEqual(last);
  });

  test('of the last account admin stays active, which is told', async () => {
    await transfer.openAccount('alone', { name: 'Alone', features: [], adminUsername: 'boss' });
    expect(await transfer.users('alone', 'username,name,status\nboss,boss,INACTIVE\n')).toMatchObject({
      refused: 1,
    });
    expect(transfer.faults).toEqual([expect.stringMatching(/^2 LAST_ADMIN: /)]);
    expect(await status('alone')).toEqual(['boss ACTIVE']);
  });
});

test('whoever is imported under the former username of another is a new user, once', async () => {
  await transfer.account('renamed');
  const file = 'username,name\nann,Ann\n';
  for (const now of ['anna', 'hanna']) {
    await transfer.users('renamed', file);
    const [ann = ''] = transfer.models.view('renamed').userIds(['ann']).values();
    await transfer.run('renamed', { type: 'updateUser', user: ann, username: now });
  }
  expect(await transfer.users('renamed', file)).toEqual({ written: 1, unchanged: 0, refused: 0 });
  const events = await transfer.events();
  expect(await transfer.users('renamed', file)).toEqual({ written: 0, unchanged: 1, refused: 0 });
  expect(await transfer.events()).toBe(events);
  const rows = (await transfer.exportedUsers('renamed')).trim().split('\n').slice(1);
  expect(rows.map((row) => row.split(',')[0])).toEqual(['ann', 'anna', 'hanna']);
  expect(new Set(rows.map((row) => row.split(',')[2])).size).toBe(3);
  // Under another name of the same user nothing is made.
  expect(await transfer.users('renamed', 'username,name\nann,Ann Smith\n')).toMatchObject({ refused: 1 });
});

describe('the kind', () => {
  test('is that of new users; who is there keeps theirs, and a line of the other kind is refused', async () => {
    await transfer.account('kinds');
    const file = 'username,name,kind\nann,Ann,person\nbot,Bot,SERVICE\ncat,Cat,\ndan,Dan,robot\n';
    expect(await transfer.users('kinds', file)).toEqual({ written: 3, unchanged: 0, refused: 1 });
    expect(transfer.faults).toEqual(['5 has a kind that is neither PERSON nor SERVICE']);
    const kinds = (await transfer.exportedUsers('kinds')).trim().split('\n').slice(1);
    expect(kinds.map((line) => line.replace(/,.*,(\w+),,$/, ' $1'))).toEqual([
      'ann PERSON',
      'bot SERVICE',
      'cat PERSON',
    ]);
    const events = await transfer.events();
    expect(await transfer.users('kinds', file)).toEqual({ written: 0, unchanged: 3, refused: 1 });
    const other = 'username,name,kind\nann,Ann,SERVICE\nbot,Bot,\n';
    expect(await transfer.users('kinds', other)).toEqual({ written: 0, unchanged: 0, refused: 2 });
    expect(await transfer.events()).toBe(events);
  });
});

describe('the external id', () => {
  const externalIds = async (account: string): Promise<string[]> =>
    (await transfer.exportedUsers(account))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^([^,]*),.*,([^,]*),PERSON,,$/, '$1 $2'));
  const written = async (account: string, file: string): Promise<[number, number]> => {
    const events = await transfer.events();
    const { refused } = await transfer.users(account, file);
    return [(await transfer.events()) - events, refused];
  };

  test('comes with a registration, and again changes nothing', async () => {
    await transfer.account('ids');
    const file = 'username,name,EXTERNALID\nann,Ann,E-1\nbob,Bob,\ncat,Cat, e-1 \n';
    // A claim on the username, one on the external id, and the user.
    expect(await written('ids', file)).toEqual([3 + 2 + 3, 0]);
    expect(await written('ids', file)).toEqual([0, 0]);
    expect(await written('ids', 'username,name\nann,Ann\nbob,Bob\ncat,Cat\n')).toEqual([0, 0]);
    expect(await externalIds('ids')).toEqual(['ann E-1', 'bob ', 'cat e-1']);
    const round = await transfer.exportedUsers('ids');
    await transfer.account('round');
    expect(await transfer.users('round', round)).toEqual({ written: 3, unchanged: 0, refused: 0 });
    expect(await transfer.exportedUsers('round')).toBe(round);
  });

  test.each([
    ['made from usernames', ''],
    ['of the file', 'x'],
  ])(
    'is given to users who are there, under ids %s, once, and without losing their status',
    async (_ids, x) => {
      const account = `there${x}`;
      await transfer.account(account);
      const line = (user: string, rest: string): string => `${user},N,${x && x + user},${rest}`;
      const file = (...lines: string[]): string =>
        `username,name,id,status,externalId\n${lines.join('\n')}\n`;
      await transfer.users(account, file(line('ann', ','), line('bob', 'INACTIVE,'), line('cat', ',C-1')));
      const second = file(line('ann', ',A-1'), line('bob', 'ACTIVE,B-1'), line('cat', 'INACTIVE,C-2'));
      expect(await transfer.users(account, second)).toEqual({ written: 3, unchanged: 0, refused: 0 });
      expect(await transfer.exportedUsers(account)).toMatch(
        /bob,N,\w+,ACTIVE,B-1,PERSON,,\ncat,N,\w+,INACTIVE,C-2,PERSON,,/,
      );
      expect(await externalIds(account)).toEqual(['ann A-1', 'bob B-1', 'cat C-2']);
      expect(await written(account, second)).toEqual([0, 0]);
    },
  );

  test('of many lines is set in their order, over many batches: the last one holds', async () => {
    await transfer.account('order');
    await transfer.users('order', 'username,name,externalId\nuser0,U,0-0\nuser1,U,\n');
    const lines = Array.from({ length: 600 }, (_, n) => `user${n % 2},U,${n % 2}-${n % 3}`);
    const file = `username,name,externalId\n${lines.join('\n')}\n`;
    expect(await transfer.users('order', file)).toMatchObject({ refused: 0 });
    expect(await externalIds('order')).toEqual(['user0 0-1', 'user1 1-2']);
  });

  test('that is another’s, or none, is told, and nobody is registered under it', async () => {
    await transfer.account('taken');
    await transfer.users('taken', 'username,name,externalId\nann,Ann,E-1\nbob,Bob,\n');
    const file = `username,name,externalId\nbob,Bob,E-1\ncat,Cat,E-1\ndan,Dan,${'x'.repeat(201)}\nann,Anna,E-2\n`;
    expect((await written('taken', file))[1]).toBe(4);
    expect(transfer.faults.sort()).toEqual([
      expect.stringMatching(/^2 EXTERNAL_ID_TAKEN: /),
      expect.stringMatching(/^3 EXTERNAL_ID_TAKEN: /),
      expect.stringMatching(/^4 INVALID_INPUT: An external id is one line/),
      expect.stringMatching(/^5 INVALID_INPUT: .* is there already, with another name/),
    ]);
    expect(await externalIds('taken')).toEqual(['ann E-1', 'bob ']);
  });

  test('of an erased user brings nobody back until the username is released', async () => {
    await transfer.account('gone');
    const file = 'username,name,externalId\nann,Ann,E-1\n';
    await transfer.users('gone', file);
    const [ann = ''] = transfer.models.view('gone').userIds(['ann']).values();
    await transfer.run('gone', { type: 'eraseUser', user: ann });
    expect(await transfer.exportedUsers('gone')).toBe(exported(`,,${ann},ERASED,`));
    expect(await transfer.users('gone', file)).toMatchObject({ refused: 1 });
    expect(await transfer.users('gone', file.replace('ann', 'anna'))).toMatchObject({ refused: 1 });
    expect(transfer.faults).toEqual([
      expect.stringMatching(/^2 USERNAME_SUPPRESSED: /),
      expect.stringMatching(/^2 EXTERNAL_ID_SUPPRESSED: /),
    ]);
    await transfer.run('gone', { type: 'releaseUsername', username: 'ann' });
    expect(await transfer.users('gone', file)).toMatchObject({ written: 1, refused: 0 });
    expect(await externalIds('gone')).toEqual(['ann E-1', ' ']);
  });

  test('finds a user who was registered under an id of another make, or was renamed since', async () => {
    await transfer.account('make');
    await transfer.run('make', { type: 'registerUser', user: 'ann', username: 'ann', name: 'Ann' });
    await transfer.users('make', 'username,name,externalId\nbob,Bob,B-1\n');
    const [bob = ''] = transfer.models.view('make').userIds(['bob']).values();
    await transfer.run('make', { type: 'updateUser', user: bob, username: 'rob' });
    const file = 'username,name,externalId\nann,Ann,A-1\nbob,Bob,B-2\n';
    expect(await transfer.users('make', file)).toEqual({ written: 2, unchanged: 0, refused: 0 });
    expect(await externalIds('make')).toEqual(['ann A-1', 'bob B-2', 'rob B-1']);
    expect(await written('make', file)).toEqual([0, 0]);
  });
});
