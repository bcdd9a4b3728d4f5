import path from 'node:path';
import { newDirectory, removeDirectory } from '../../directories';
import { Installation } from '../../end-to-end/installation';
import type { Part } from '../part';
import { Commands, type Folders } from './commands';
import { Killing } from './killing';
import { People } from './people';
import { verdict } from './verdict';

/**
 * Erasures, rotations, backups and copies, of which whoever runs is killed at random moments: in the end each is complete,
 * none is half, no key is lost and no username is borne twice.
 */

const KILLS = 200;
const FEWEST_KILLS = 3;

export const erasures: Part = async ({ scale, seed, random, say }) => {
  const kills = Math.max(FEWEST_KILLS, Math.round(KILLS * scale));
  const installation = new Installation({});
  const root = newDirectory();
  const [backup, log, keys] = ['backup', 'log', 'keys'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  const folders: Folders = { backup, log, keys };
  const people = new People(seed);
  const commands = new Commands(installation, folders, people);
  const killing = new Killing(installation, people, commands, random);
  try {
    await killing.until(kills, say);
    const { server, command, beside } = killing.counts;
    say(
      `killed: ${server} times the server, ${command} times a command, ${beside} times the server beside one`,
    );
    return await verdict({ installation, folders, people, commands, killing });
  } finally {
    installation.remove();
    removeDirectory(root);
  }
};
