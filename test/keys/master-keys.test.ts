import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { parseMasterKeys } from '../../src/keys/master-keys';
import {
  addMasterKey,
  makeMasterKeyFile,
  masterKeyFile,
  newMasterKeyLine,
} from '../../src/keys/stores/master-key-file';
import { newDirectory, removeDirectory } from '../directories';
import { failureOf, hexOf, masterLine } from './contract/controls';

const HEX = '0123456789abcdef'.repeat(4);
const OTHER = 'fedcba9876543210'.repeat(4);

describe('the text of a file of master keys', () => {
  it('has a key a line, the first of which seals', () => {
    const keys = parseMasterKeys(
      `# of 2026\n\n  new\t${HEX.toUpperCase()} \r\n#old one\nold-1_a   ${OTHER}\n`,
    );
    expect(keys.sealing.id).toBe('new');
    expect(hexOf(keys.sealing.key)).toBe(HEX);
    expect(hexOf(keys.find('old-1_a')!.key)).toBe(OTHER);
    expect(keys.find('new')).toBe(keys.sealing);
    expect(keys.find('none')).toBeUndefined();
  });

  it.each([
    ['', 'there is no key in it'],
    ['# nothing\n\n', 'there is no key in it'],
    [HEX, 'line 1 is not an id and 64 hex digits'],
    [`a ${HEX.slice(1)}`, 'line 1 is not an id and 64 hex digits'],
    [`a ${HEX}0`, 'line 1 is not an id and 64 hex digits'],
    [`a ${HEX.replace('0', 'g')}`, 'line 1 is not an id and 64 hex digits'],
    [`a ${HEX} b`, 'line 1 is not an id and 64 hex digits'],
    [`\na:${HEX}`, 'line 2 is not an id and 64 hex digits'],
    [`${'a'.repeat(33)} ${HEX}`, 'line 1 is not an id and 64 hex digits'],
    [`-a ${HEX}`, 'line 1 is not an id and 64 hex digits'],
    [`a ${HEX}\nb ${OTHER}\n\na ${'1'.repeat(64)}`, 'line 4 has the id of line 1 again'],
    [`a ${HEX}\nb ${HEX.toUpperCase()}`, 'line 2 has the key of line 1 again'],
    [`a ${'0'.repeat(64)}`, 'the key in line 1 is nothing but zeros'],
  ])('%j is refused, without a word of it', (text, why) => {
    let message = '';
    try {
      parseMasterKeys(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'MASTER_KEY_FILE' });
      message = inspect(error, { depth: 10, showHidden: true });
    }
    expect(message).toContain(why);
    for (const digits of [HEX, OTHER, '0'.repeat(64), '1'.repeat(64)]) {
      expect(message.toLowerCase()).not.toContain(digits.slice(1, 9));
    }
  });

  it('is never printed with its keys', () => {
    const keys = parseMasterKeys(`a ${HEX}`);
    expect(inspect(keys, { depth: 10, showHidden: true })).not.toContain(HEX.slice(0, 8));
    expect(JSON.stringify(keys)).not.toContain(HEX.slice(0, 8));
  });
});

describe('the file of master keys', () => {
  let directory: string;
  beforeEach(() => {
    directory = newDirectory();
  });
  afterEach(() => removeDirectory(directory));
  const silent = (): void => undefined;
  const inFolder = (...names: string[]): string => path.join(directory, ...names);

  it('is made once, for its owner alone, with a folder where there is none', () => {
    const file = inFolder('new', 'master.keys');
    makeMasterKeyFile(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(inFolder('new')).mode & 0o777).toBe(0o700);
    const content = readFileSync(file, 'utf8');
    makeMasterKeyFile(file);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(readdirSync(inFolder('new'))).toEqual(['master.keys']);
    const { sealing } = masterKeyFile(file, silent)();
    expect(sealing.key.bytes.length).toBe(32);
  });

  it('that another process makes at the same moment is left as it is', () => {
    const file = inFolder('master.keys');
    // Names nothing yet, so that it is not seen, and takes the name all the same.
    symlinkSync('nowhere', file);
    makeMasterKeyFile(file);
    expect(readlinkSync(file)).toBe('nowhere');
    expect(readdirSync(directory)).toEqual(['master.keys']);
  });

  it('that cannot be made leaves nothing behind', async () => {
    writeFileSync(inFolder('file'), '');
    const file = inFolder('file', 'master.keys');
    expect(await failureOf(Promise.resolve().then(() => makeMasterKeyFile(file)))).toBe('MASTER_KEY_FILE');
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('is read again each time', () => {
    const file = inFolder('master.keys');
    writeFileSync(file, masterLine('one'), { mode: 0o600 });
    const source = masterKeyFile(file, silent);
    expect(source().sealing.id).toBe('one');
    writeFileSync(file, `${masterLine('two')}\n${masterLine('one')}\n`);
    expect(source().sealing.id).toBe('two');
  });

  it.each([0o640, 0o604, 0o644, 0o444])('is told of, once, where others can read it (%o)', (mode) => {
    const file = inFolder('master.keys');
    writeFileSync(file, masterLine('one'));
    chmodSync(file, mode);
    const told: string[] = [];
    const source = masterKeyFile(file, (message) => told.push(message));
    source();
    source();
    expect(told).toEqual([`${file} holds master keys, and others than its owner can read it.`]);
  });

  it.each([0o600, 0o400])('is not told of where its owner alone can (%o)', (mode) => {
    const file = inFolder('master.keys');
    writeFileSync(file, masterLine('one'));
    chmodSync(file, mode);
    const told: string[] = [];
    masterKeyFile(file, (message) => told.push(message))();
    expect(told).toEqual([]);
  });

  it('that is not there, is a folder or holds no keys is named in the error', () => {
    const file = inFolder('master.keys');
    const source = masterKeyFile(file, silent);
    const failure = { code: 'MASTER_KEY_FILE', message: expect.stringContaining(file) };
    expect(source).toThrow(expect.objectContaining(failure));
    mkdirSync(file);
    expect(source).toThrow(expect.objectContaining(failure));
    rmSync(file, { recursive: true });
    writeFileSync(file, 'secret words');
    expect(source).toThrow(expect.objectContaining(failure));
    expect(source).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret words') }));
  });

  it('takes a new key as its first one; comments stay above, the other keys behind, the mode as it is', () => {
    const file = inFolder('master.keys');
    writeFileSync(file, `# ours\n\n${masterLine('one')}\n# older\n${masterLine('two')}`);
    chmodSync(file, 0o640);
    const id = addMasterKey(file);
    expect(masterKeyFile(file, silent)().ids).toEqual([id, 'one', 'two']);
    const firstWords = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(firstWords).toEqual(['#', '', id, 'one', '#', 'two', '']);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(directory)).toEqual(['master.keys']);
  });

  it('is made by the first key that is added, for its owner alone', () => {
    const file = inFolder('new', 'secrets');
    const ids = [addMasterKey(file), addMasterKey(file)];
    expect(masterKeyFile(file, silent)().ids).toEqual(ids.reverse());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('that a link names is changed where it is', () => {
    const file = inFolder('secrets');
    writeFileSync(file, masterLine('one'));
    symlinkSync('secrets', inFolder('link'));
    const id = addMasterKey(inFolder('link'));
    expect(readlinkSync(inFolder('link'))).toBe('secrets');
    expect(masterKeyFile(file, silent)().ids).toEqual([id, 'one']);
  });

  it('that is malformed, or is being changed, is left as it is', () => {
    const file = inFolder('master.keys');
    const adding = () => addMasterKey(file);
    const failure = expect.objectContaining({ code: 'MASTER_KEY_FILE' });
    writeFileSync(file, 'not a key');
    expect(adding).toThrow(failure);
    expect(readdirSync(directory)).toEqual(['master.keys']);
    writeFileSync(file, masterLine('one'));
    writeFileSync(`${file}.new`, 'of another process');
    expect(adding).toThrow(failure);
    expect(readFileSync(`${file}.new`, 'utf8')).toBe('of another process');
    expect(readFileSync(file, 'utf8')).toBe(masterLine('one'));
  });

  it('takes new lines, each with an id and a key of its own', () => {
    const lines = Array.from({ length: 50 }, newMasterKeyLine);
    expect(parseMasterKeys(lines.join('\n')).sealing.id).toBe(lines[0]?.split(' ')[0]);
  });
});
