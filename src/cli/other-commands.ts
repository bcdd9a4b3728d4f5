import type { Command } from 'commander';

/** Commands, by the file that adds them. Each is loaded when it is wanted: they need most of all modules between them. */
const FILES: readonly {
  readonly names: readonly string[];
  readonly load: () => Promise<(program: Command) => void>;
}[] = [
  { names: ['token'], load: async () => (await import('./commands/token')).addToken },
  { names: ['console'], load: async () => (await import('./commands/console')).addConsole },
  { names: ['oidc'], load: async () => (await import('./commands/oidc')).addOidc },
  { names: ['account'], load: async () => (await import('./commands/account')).addAccount },
  { names: ['identity'], load: async () => (await import('./commands/identity')).addIdentity },
  { names: ['user'], load: async () => (await import('./commands/user')).addUser },
  { names: ['api-key'], load: async () => (await import('./commands/api-key')).addApiKey },
  { names: ['catalogue'], load: async () => (await import('./commands/catalogue')).addCatalogue },
  { names: ['replay'], load: async () => (await import('./commands/replay')).addReplay },
  { names: ['events'], load: async () => (await import('./commands/events')).addEvents },
  { names: ['import', 'export'], load: async () => (await import('./commands/transfer')).addTransfer },
  { names: ['rebuild', 'digest'], load: async () => (await import('./commands/read-models')).addReadModels },
  { names: ['log'], load: async () => (await import('./commands/log')).addLog },
  { names: ['seal', 'prove'], load: async () => (await import('./seals/commands')).addSeal },
  { names: ['verify'], load: async () => (await import('./seals/verify')).addVerify },
  { names: ['backup'], load: async () => (await import('./commands/backup')).addBackup },
  { names: ['restore'], load: async () => (await import('./commands/restore')).addRestore },
  { names: ['keys'], load: async () => (await import('./commands/keys')).addKeys },
];

/** Adds the command of that name; for any other name, or none, all commands but `serve`. */
export async function addOthers(program: Command, name: string | undefined): Promise<void> {
  const named = FILES.filter(({ names }) => names.some((each) => each === name));
  for (const { load } of named.length > 0 ? named : FILES) (await load())(program);
}
