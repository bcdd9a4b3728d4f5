import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Installation } from './installation';

/** Faults in the settings are found before a process writes anything, and reported without a stack trace. */

const installation = new Installation({});
afterAll(() => installation.remove());
const file = path.join(installation.directory, 'faulty');

test('a signing key that is none', async () => {
  writeFileSync(file, 'abc');
  await expect(installation.start({ ROLEBOOK_SIGNING_KEY_FILE: file })).rejects.toThrow();
  expect(readdirSync(installation.directory)).toEqual(['faulty']);
  const words = ['account', 'open', 'acme', '--admin', 'boss'];
  const other = new Installation({ ROLEBOOK_SIGNING_KEY_FILE: file });
  const { code, stderr } = await other.rolebook(...words);
  other.remove();
  expect(code).toBe(1);
  expect(stderr).toMatch(/ROLEBOOK_SIGNING_KEY_FILE: \S+ is not 32 bytes/);
  expect(stderr).not.toMatch(/abc|\n +at /);
}, 60_000);

test('a catalogue that is not UTF-8', async () => {
  writeFileSync(file, Buffer.from('{"version":1,"x":"\xe9"}', 'latin1'));
  const { code, stderr } = await installation.rolebook('catalogue', 'diff', file);
  expect([code, stderr]).toEqual([1, expect.stringContaining('is not UTF-8')]);
}, 60_000);

test.each([['2026-02-30'], ['2026-11-20T10:00'], ['yesterday'], ['0000-01-01T00:00+01:00']])(
  '%s is no moment: a usage error that says what fits',
  async (until) => {
    const { code, stdout, stderr } = await installation.rolebook('replay', '--role', 'x', '--until', until);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('2026-11-27T08:30Z');
  },
  60_000,
);

test('a token is a user’s or an operator’s', async () => {
  for (const words of [['token'], ['token', 'ana', '--operator']])
    expect((await installation.rolebook(...words)).code).toBe(2);
  expect(existsSync(path.join(installation.directory, 'signing.key'))).toBe(false);
  writeFileSync(path.join(installation.directory, 'signing.key'), 'ab'.repeat(32));
  const { code, stdout } = await installation.rolebook('token', '--operator');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)]);
}, 60_000);
