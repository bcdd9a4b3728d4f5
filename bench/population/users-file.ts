import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { userProfile } from './names';

/** Writes a file for `rolebook import users`, of so many users of the population from one on. */
export async function writeUsers(file: string, count: number, from: number): Promise<void> {
  const stream = createWriteStream(file);
  stream.write('username,name\n');
  for (let n = from; n < from + count; n += 1) {
    const { username, name } = userProfile(n);
    if (!stream.write(`${username},${name}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}
