import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { SETTINGS } from '../src/config/config';
import { parseMasterKeys } from '../src/keys/master-keys';
import { metricTable } from '../src/observability/metrics/instruments';
import { compose, isNamed, replicas, services, sourceOf, text, type Service } from './compose-file';

/**
 * Checks of the compose file that need no engine: its parts fit each other, the Dockerfile, the proxy's
 * configuration and the settings of Rolebook.
 */

const nodes = services.filter(([, { image }]) => image?.includes('kurrentdb'));
const proxy = text('deploy/haproxy.cfg');

const networksOf = ({ networks = {} }: Service): string[] =>
  Array.isArray(networks) ? [...(networks as string[])] : Object.keys(networks);

describe('the compose file', () => {
  test('declares what its services use, and nothing else', () => {
    const used = (each: (service: Service) => readonly string[]): string[] =>
      [...new Set(services.flatMap(([, service]) => each(service)))].sort();
    const declared = (of: object): string[] => Object.keys(of).sort();
    expect(used(({ secrets = [] }) => secrets)).toEqual(declared(compose.secrets));
    expect(used(networksOf)).toEqual(declared(compose.networks));
    expect(used(({ volumes = [] }) => volumes.filter(isNamed).map(sourceOf))).toEqual(
      declared(compose.volumes),
    );
  });

  test('waits for services that there are, of the profile or not needed', () => {
    for (const [, { profiles, depends_on = {} }] of services) {
      for (const [name, { required = true }] of Object.entries(depends_on)) {
        const needed = compose.services[name];
        expect([name, needed !== undefined]).toEqual([name, true]);
        if (required) expect([name, needed?.profiles ?? profiles]).toEqual([name, profiles]);
      }
    }
  });

  test('mounts files that there are, and publishes to this machine alone', () => {
    for (const [, { volumes = [], ports = [] }] of services) {
      for (const volume of volumes.filter((each) => !isNamed(each)))
        expect([volume, existsSync(sourceOf(volume))]).toEqual([volume, true]);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('makes the secrets that it names', () => {
    const made = [...text('deploy/make-secrets.sh').matchAll(/^make (\S+)$/gm)].map(([, name]) => name);
    const files = Object.values(compose.secrets).map(({ file }) => path.basename(file));
    expect(files.sort()).toEqual(made.sort());
  });

  test('gives Rolebook settings that it has', () => {
    const known = Object.values(SETTINGS).flatMap(({ name }) => [name, `${name}_FILE`]);
    const given = services
      .filter(([, { image }]) => image === 'rolebook')
      .flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test('replicas have the same keys, and each has what it names', () => {
  const keysOf = ({ environment = {}, secrets = [] }: Service): unknown => {
    const files = [environment.ROLEBOOK_SIGNING_KEY_FILE, environment.ROLEBOOK_MASTER_KEY_FILE];
    for (const file of files) expect(secrets).toContain(path.basename(file ?? ''));
    return files;
  };
  const [first, ...others] = replicas.map(([, service]) => keysOf(service));
  expect(others).toEqual([first]);
});

test('make-secrets.sh makes secrets that Rolebook takes, each its own, and keeps them', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-secrets-'));
  try {
    copyFileSync('deploy/make-secrets.sh', path.join(folder, 'make-secrets.sh'));
    const make = (): string =>
      execFileSync('sh', [path.join(folder, 'make-secrets.sh')], { encoding: 'utf8' });
    const made = (): string[] =>
      readdirSync(path.join(folder, 'secrets')).map((name) => text(path.join(folder, 'secrets', name)));
    expect(make()).toContain('made deploy/secrets/master-keys');
    expect(statSync(path.join(folder, 'secrets')).mode & 0o077).toBe(0);
    const secrets = made();
    const digits = secrets.map((secret) => /[0-9a-f]{64}$/.exec(secret.trim())?.[0]);
    expect([digits.includes(undefined), new Set(digits).size]).toEqual([false, 8]);
    const keys = parseMasterKeys(text(path.join(folder, 'secrets', 'master-keys')));
    expect(keys.ids).toEqual([expect.stringMatching(/^m[0-9a-f]{12}$/)]);
    expect(make()).toBe('');
    expect(made()).toEqual(secrets);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('alerts', () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly labels: { readonly severity: string };
    readonly annotations: Readonly<Record<string, string>>;
  }
  const { groups } = parse(text('deploy/alerts.yml')) as {
    groups: readonly { readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  test('speak of metrics that there are', () => {
    const known = metricTable().map(({ name }) => name);
    const named = rules.map(({ alert, expr }) => [alert, expr.match(/rolebook_\w+/g) ?? []] as const);
    expect(named.length).toBeGreaterThan(0);
    for (const [alert, metrics] of named) {
      expect([alert, metrics.length > 0]).toEqual([alert, true]);
      expect([alert, metrics.filter((name) => !known.includes(name))]).toEqual([alert, []]);
    }
  });

  test('say how bad it is and where it says what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(warning|critical)$/)]);
      expect(annotations.summary).toMatch(/\.$/);
      const [page = '', anchor = ''] = annotations.runbook?.split('#') ?? [];
      const headings = [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
      expect([alert, headings.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))]).toEqual([
        alert,
        expect.arrayContaining([anchor]),
      ]);
    }
  });

  test('are all in the guide', () => {
    const guide = text('docs/operating.md');
    for (const { alert } of rules) expect(guide).toContain(`\`${alert}\``);
  });
});

describe('the dashboard', () => {
  interface Panel {
    readonly title: string;
    readonly description: string;
    readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
    readonly targets: readonly { readonly expr: string }[];
  }
  const { panels } = JSON.parse(text('deploy/dashboard.json')) as { panels: readonly Panel[] };

  test('shows metrics that there are', () => {
    const known = metricTable().map(({ name }) => name);
    const base = (name: string): string => name.replace(/_bucket$/, '');
    for (const { title, description, targets } of panels) {
      expect([title, description]).toEqual([title, expect.stringMatching(/\.$/)]);
      const named = targets.flatMap(({ expr }) => expr.match(/\b(rolebook|nodejs)_\w+/g) ?? []);
      expect([title, named.length >= targets.length]).toEqual([title, true]);
      const unknown = named.filter((name) => name.startsWith('rolebook') && !known.includes(base(name)));
      expect([title, unknown]).toEqual([title, []]);
    }
  });

  test('has no panel over another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`),
    );
    expect(panels.length).toBeGreaterThan(10);
    expect(new Set(cells).size).toBe(cells.length);
  });
});

/** Checks by the programs that read these files, where they are installed. */
describe.each([
  ['promtool', ['--version'], ['check', 'rules', 'deploy/alerts.yml']],
  ['haproxy', ['-v'], ['-c', '-f', 'deploy/haproxy.cfg']],
  ['docker', ['compose', 'version'], ['compose', 'config', '--quiet']],
])('%s', (program, version, args) => {
  const isInstalled = spawnSync(program, version).status === 0;
  const name = isInstalled
    ? 'takes the file that it reads'
    : 'is not installed, so that its file is not checked by it';
  (isInstalled ? test : test.skip)(name, () => {
    const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8' });
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });
});

describe('a node of the log', () => {
  test('is of one profile, and one of each is asked for', () => {
    expect(nodes.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['eventstoredb', ['single']],
      ['eventstoredb-1', ['cluster']],
      ['eventstoredb-2', ['cluster']],
      ['eventstoredb-3', ['cluster']],
    ]);
    expect(text('.env')).toMatch(/^COMPOSE_PROFILES=single$/m);
    expect(Object.keys(compose.services.setup?.depends_on ?? {})).toEqual(nodes.map(([name]) => name));
  });

  test('is KurrentDB in all that its image decides: program, folder, names of settings', () => {
    for (const [, { environment = {}, volumes = [], command = [] }] of nodes) {
      expect(Object.keys(environment).filter((name) => !name.startsWith('KURRENTDB_'))).toEqual([]);
      expect(command.join()).toContain('exec /opt/kurrentdb/KurrentDB');
      expect(command.join()).not.toContain('EVENTSTORE_');
      // Its image makes this folder, so that one of the older name would be left aside without a word.
      expect(volumes.map((volume) => volume.split(':')[1])).toContain('/var/lib/kurrentdb');
    }
  });

  test('keeps its log and its key to itself', () => {
    const own = nodes
      .flatMap(([, { volumes = [] }]) => volumes.map(sourceOf))
      .filter((name) => name !== 'trust');
    expect(new Set(own).size).toBe(2 * nodes.length);
    expect(compose.services.certificates?.command).toEqual(
      expect.arrayContaining(nodes.map(([name]) => name)),
    );
    const kept = (compose.services.certificates?.volumes ?? []).map(sourceOf);
    expect(own.filter((name) => name.startsWith('certificate')).every((name) => kept.includes(name))).toBe(
      true,
    );
  });

  test('knows the others of its cluster, and answers to the name that clients ask for', () => {
    const cluster = nodes.filter(([, { profiles }]) => profiles?.includes('cluster'));
    for (const [name, { environment = {}, networks = {} }] of cluster) {
      const others = cluster
        .map(([other]) => `${other}:2113`)
        .filter((other) => !other.startsWith(`${name}:`));
      expect(environment.KURRENTDB_GOSSIP_SEED).toBe(others.join(','));
      expect(environment.KURRENTDB_NODE_HOST_ADVERTISE_AS).toBe(name);
      expect(environment.KURRENTDB_CLUSTER_SIZE).toBe(String(cluster.length));
      expect(networks).toEqual({ log: { aliases: ['eventstoredb'] } });
    }
  });
});

describe('the proxy', () => {
  test('knows the replicas', () => {
    const ports = replicas.map(([, { environment }]) => environment?.PORT).sort();
    expect(ports).toHaveLength(2);
    for (const backend of ['ready', 'live']) {
      const [, lines = ''] = new RegExp(`^backend ${backend}\\n((?:[ ]+.*\\n)+)`, 'm').exec(proxy) ?? [];
      expect([...lines.matchAll(/server \w+ 127\.0\.0\.1:(\d+)/g)].map(([, port]) => port)).toEqual(ports);
    }
  });

  test('notices a replica that stops while it still answers', () => {
    const [, seconds = '', fall = ''] = /check inter (\d+)s fall (\d+)/.exec(proxy) ?? [];
    for (const [, { environment }] of replicas)
      expect(Number(environment?.ROLEBOOK_STOP_NOTICE_MS)).toBeGreaterThan(
        Number(seconds) * Number(fall) * 1_000,
      );
  });
});

test('the image has a Node that the package takes', () => {
  const majors = [...text('Dockerfile').matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => Number(major));
  const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
  const [, floor] = /^>=(\d+)/.exec(engines.node) ?? [];
  expect(majors).toHaveLength(2);
  expect(new Set(majors).size).toBe(1);
  expect(majors[0]).toBeGreaterThanOrEqual(Number(floor));
});

const openssl = spawnSync('openssl', ['version']).status === 0;

(openssl ? describe : describe.skip)('make-certificates.sh', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-certificates-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const make = (): string =>
    execFileSync('sh', ['deploy/make-certificates.sh', folder, 'eventstoredb', 'eventstoredb-1'], {
      encoding: 'utf8',
    });

  test('makes keys that the user of the server’s image reads and nobody else, and keeps them', () => {
    expect(make()).toContain('made the CA');
    const key = path.join(folder, 'eventstoredb', 'node.key');
    const before = text(key);
    expect(make()).toBe('');
    expect(text(key)).toBe(before);
    const { uid, mode } = statSync(key);
    expect(mode & 0o077).toBe(0);
    // A user who is not root keeps what he makes.
    if (process.getuid?.() === 0) expect(uid).toBe(1001);
  });

  const testAsRoot = process.getuid?.() === 0 ? test : test.skip;
  testAsRoot('gives those of a server of another user to the one of now', () => {
    make();
    const key = path.join(folder, 'eventstoredb-1', 'node.key');
    execFileSync('chown', ['-R', '1000:1000', path.dirname(key)]);
    expect(make()).toBe('');
    expect([statSync(key).uid, statSync(path.dirname(key)).uid]).toEqual([1001, 1001]);
  });
});
