import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../src/config/config';
import { compose, replicas, services, settingsOf, text } from './compose-file';
import { newDirectory, removeDirectory } from './directories';

/** Checks of the compose file that need no engine: people can sign in, at the provider that it starts. */

const FOLDER = 'deploy/identity-provider';
const { environment: provider = {}, build } = compose.services['identity-provider'] ?? {};
const published = new Map(
  (compose.services['front']?.ports ?? []).map((port) => {
    const [, outside = '', inside = ''] = /^127\.0\.0\.1:(\d+):(\d+)$/.exec(port) ?? [];
    return [outside, inside];
  }),
);

test('replicas take its tokens, under the address that browsers have for it, too', () => {
  const directory = newDirectory();
  try {
    copyFileSync('deploy/make-secrets.sh', path.join(directory, 'make-secrets.sh'));
    execFileSync('sh', [path.join(directory, 'make-secrets.sh')]);
    for (const [name] of replicas) {
      const { oidc, metricsToken, host } = loadConfig(settingsOf(name, path.join(directory, 'secrets')));
      expect(oidc).toMatchObject([{ issuer: provider.ISSUER, audience: provider.AUDIENCE }]);
      expect(metricsToken).toMatch(/^[0-9a-f]{64}$/);
      // In the network that all of them share, replicas are the proxy's alone.
      expect(host).toBe('127.0.0.1');
    }
  } finally {
    removeDirectory(directory);
  }
  const { port } = new URL(provider.ISSUER ?? '');
  expect(published.get(port)).toBe(port);
  const [, front = ''] = /frontend rolebook\n\s+bind :(\d+)/.exec(text('deploy/haproxy.cfg')) ?? [];
  expect(published.get(new URL(provider.CALLBACK ?? '').port)).toBe(front);
});

test('replicas, proxy and provider are in one network, which is why one address is enough', () => {
  for (const name of ['proxy', 'identity-provider', ...replicas.map(([replica]) => replica)])
    expect([name, compose.services[name]?.network_mode]).toEqual([name, 'service:front']);
});

test('the page of operators is where its address says', () => {
  const [, bind = '', server = ''] =
    /listen operators\n\s+bind :(\d+)\n\s+server page (\S+)/.exec(text('deploy/haproxy.cfg')) ?? [];
  const { port } = new URL(`http://${server}`);
  expect(published.get(port)).toBe(bind);
  for (const page of ['docs/operating.md', 'deploy/haproxy.cfg'])
    expect(text(page)).toContain(`oidc page --port ${port}`);
});

test('services have the secrets that their settings name', () => {
  const named = services.flatMap(([name, { environment = {}, secrets = [] }]) =>
    Object.values(environment)
      .filter((value) => value.startsWith('/run/secrets/'))
      .map((value) => [name, value, secrets.includes(path.basename(value))] as const),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(([, , has]) => !has)).toEqual([]);
});

test('the provider is told all that it asks for, and nothing else', () => {
  const source = text(`${FOLDER}/settings.mjs`);
  const asked = [...source.matchAll(/(?:required|secretIn)\('(\w+)'\)|process\.env\.(\w+)/g)].map(
    ([, needed, optional]) => needed ?? optional,
  );
  expect(Object.keys(provider).sort()).toEqual(asked.sort());
});

test('its image is built of files that there are', () => {
  expect(build).toBe(FOLDER);
  const dockerfile = text(`${FOLDER}/Dockerfile`);
  const copied = [...dockerfile.matchAll(/^COPY (.*) \.\/$/gm)].flatMap(([, files = '']) => files.split(' '));
  expect(copied).toEqual(['package.json', 'package-lock.json', 'people.json', '*.mjs']);
  for (const file of copied.filter((each) => !each.includes('*')))
    expect([file, existsSync(path.join(FOLDER, file))]).toEqual([file, true]);
  const [, program = ''] = /^CMD \["node", "(.*)"\]$/m.exec(dockerfile) ?? [];
  expect(existsSync(path.join(FOLDER, program))).toBe(true);
  const imageOf = (file: string): string[] =>
    [...text(file).matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  expect(imageOf('Dockerfile')).toEqual(expect.arrayContaining(imageOf(`${FOLDER}/Dockerfile`)));
});

test('its packages are those that the tests of sign-in run', () => {
  const packagesOf = (file: string): Map<string, string | undefined> => {
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
      packages: Readonly<Record<string, { version?: string }>>;
    };
    return new Map(Object.entries(packages).map(([name, { version }]) => [name, version]));
  };
  const all = packagesOf('package-lock.json');
  const own = [...packagesOf(`${FOLDER}/package-lock.json`)].filter(([name]) => name !== '');
  expect(own.length).toBeGreaterThan(10);
  // Some are nested where the tests have another release for others.
  const known = ([name, version]: (typeof own)[number]): boolean =>
    [...all].some(([other, of]) => (other === name || other.endsWith(`/${name}`)) && of === version);
  expect(own.filter((each) => !known(each))).toEqual([]);
});
