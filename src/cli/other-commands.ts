import type { Command } from 'commander';
import { addAccount } from './commands/account';
import { addBackup } from './commands/backup';
import { addCatalogue } from './commands/catalogue';
import { addEvents } from './commands/events';
import { addKeys } from './commands/keys';
import { addLog } from './commands/log';
import { addReadModels } from './commands/read-models';
import { addReplay } from './commands/replay';
import { addRestore } from './commands/restore';
import { addToken } from './commands/token';
import { addTransfer } from './commands/transfer';
import { addUser } from './commands/user';

/** Adds all commands but `serve`. */
export function addOthers(program: Command): void {
  addToken(program);
  addAccount(program);
  addUser(program);
  addCatalogue(program);
  addReplay(program);
  addEvents(program);
  addTransfer(program);
  addReadModels(program);
  addLog(program);
  addBackup(program);
  addRestore(program);
  addKeys(program);
}
