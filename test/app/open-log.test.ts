import { loadConfig } from '../../src/config/config';
import { openLog, setUpLog } from '../../src/app/open-log';
import { newDirectory, removeDirectory } from '../directories';

/** Choice of the log by the settings, and the settings that preparing a server needs. */

const steps = { ownServer: false, onStep: () => undefined };
const faultsOf = (environment: Record<string, string>): Promise<readonly string[]> =>
  setUpLog(loadConfig(environment), steps).then(
    () => [],
    (error: { faults: readonly string[] }) => error.faults,
  );

test('without the address of a server the log is that of the data folder', async () => {
  const directory = newDirectory();
  const store = await openLog(loadConfig({ ROLEBOOK_DATA_DIR: directory }), { readOnly: false });
  expect(await store.head()).toBeNull();
  await store.close();
  removeDirectory(directory);
});

test('preparing a server needs its address, a user to prepare it for, and the administrator’s password', async () => {
  const faults = await faultsOf({});
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'EVENTSTOREDB_URL',
    'EVENTSTOREDB_USERNAME and EVENTSTOREDB_PASSWORD',
    'EVENTSTOREDB_ADMIN_PASSWORD',
  ]);
});

test('a server without TLS knows no users: there is nothing to prepare', async () => {
  const faults = await faultsOf({
    EVENTSTOREDB_URL: 'esdb://127.0.0.1:2113?tls=false',
    EVENTSTOREDB_ADMIN_PASSWORD: 'secret',
  });
  expect(faults.join()).toMatch(/without TLS/);
});
