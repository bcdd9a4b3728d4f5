import { Command } from 'commander';
import { addOthers } from '../../src/cli/other-commands';

async function namesFor(name: string | undefined): Promise<string[]> {
  const program = new Command();
  await addOthers(program, name);
  return program.commands.map((command) => command.name());
}

test('a command that is named comes without those of other files', async () => {
  const all = await namesFor(undefined);
  expect(all.length).toBeGreaterThan(10);
  for (const name of all) {
    const added = await namesFor(name);
    expect(added).toContain(name);
    expect(added.length).toBeLessThan(3);
  }
});

test('all come for help, and for a name that no command has', async () => {
  const all = await namesFor(undefined);
  for (const name of ['help', '--help', 'imprt', 'constructor']) expect(await namesFor(name)).toEqual(all);
});
