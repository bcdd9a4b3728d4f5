import { ImportFormatError } from '../../src/operations/transfer/report';
import { Transfer } from './transfer';

/** Importing users: every line has its answer, the good ones go in, and the same file twice changes nothing. */

const transfer = new Transfer();
beforeAll(() => transfer.open());
afterAll(() => transfer.close());
beforeEach(() => transfer.faults.splice(0));

const HEADER = 'username,name,id';
const of = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;

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
    ),
    'latin1',
  );
  const summary = await transfer.users('bad', file);
  expect(summary).toEqual({ written: 2, unchanged: 1, refused: 13 });
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
  });
  expect(await transfer.exportedUsers('bad')).toBe(of('ann,Ann,ann', 'ok,Ok,ok'));
  const events = await transfer.events();
  expect(await transfer.users('bad', file)).toEqual({ written: 0, unchanged: 3, refused: 13 });
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
])('a file %s', async (form, text) => {
  const account = `form-${form.replace(/\W/g, '-').slice(0, 40)}`;
  await transfer.account(account);
  expect(await transfer.users(account, text)).toEqual({ written: 2, unchanged: 0, refused: 0 });
  expect(await transfer.exportedUsers(account)).toMatch(/^username,name,id\nann,Ann,u_\w+\nbob,Bob,u_\w+\n$/);
});

test.each([
  ['that is empty', ''],
  ['without a header', 'ann,Ann\nbob,Bob\n'],
  ['without names', 'username\nann\n'],
  ['with a column that nobody knows', 'username,name,email\nann,Ann,a@b\n'],
  ['with a column twice', 'username,name,name\nann,Ann,Ann\n'],
  ['whose header is not UTF-8', Buffer.from('username,nam\xe9\nann,Ann\n', 'latin1')],
  ['whose header leaves a quote open', '"username,name\nann,Ann\n'],
])('a file %s is refused as a whole', async (_form, text) => {
  await transfer.account('whole');
  await expect(transfer.users('whole', text)).rejects.toThrow(ImportFormatError);
  expect(await transfer.exportedUsers('whole')).toBe(of());
});
