import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config/config';
import { faultsOf } from './faults';
import { demandEphemeral } from '../../src/config/ephemeral';
import { parsePointer, pointTo, writePointer } from '../../src/config/json-pointer';

const ONE = { ROLEBOOK_OIDC_ISSUER: 'https://login.example.com', ROLEBOOK_OIDC_AUDIENCE: 'rolebook' };

describe('JSON pointers', () => {
  const claims = { sub: 'ada', roles: ['reader', 'operator'], 'https://x.example/a~b': { id: 7 } };

  test.each([
    ['/sub', 'ada'],
    ['/roles/1', 'operator'],
    ['/https:~1~1x.example~1a~0b/id', 7],
    ['/roles/2', undefined],
    ['/sub/length', undefined],
    ['/constructor', undefined],
    ['/roles/length/x', undefined],
  ])('%s comes to %p', (text, value) => {
    const pointer = parsePointer(text)!;
    expect(pointTo(claims, pointer)).toBe(value);
    expect(writePointer(pointer)).toBe(text);
  });

  test.each(['', 'sub', 'sub/x', '/a~2', '/a~'])('%p is none', (text) => {
    expect(parsePointer(text)).toBeNull();
  });
});

describe('One issuer', () => {
  test('is none by default: local mode, on a loopback address', () => {
    expect(loadConfig({})).toMatchObject({ oidc: null, demo: true });
    expect(faultsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('ROLEBOOK_OIDC_ISSUER')]);
  });

  test('opens any address, and leaves the demo out unless it is asked for', () => {
    expect(loadConfig({ ...ONE, HOST: '0.0.0.0' })).toMatchObject({
      host: '0.0.0.0',
      demo: false,
      oidc: [
        {
          issuer: 'https://login.example.com',
          audience: 'rolebook',
          tokenType: 'at+jwt',
          subjectClaim: ['sub'],
          account: { claim: ['rolebook_account'] },
          accounts: null,
          register: false,
          operator: null,
          client: null,
        },
      ],
    });
    expect(loadConfig({ ...ONE, ROLEBOOK_DEMO: 'on' }).demo).toBe(true);
    expect(loadConfig({ ...ONE, ROLEBOOK_DEMO: 'off' }).demo).toBe(false);
  });

  test('says what its tokens may say', () => {
    const { oidc } = loadConfig({
      ...ONE,
      ROLEBOOK_OIDC_TOKEN_TYPE: 'JWT',
      ROLEBOOK_OIDC_SUBJECT_CLAIM: '/oid',
      ROLEBOOK_OIDC_ACCOUNT: 'acme',
      ROLEBOOK_OIDC_REGISTER: 'on',
      ROLEBOOK_OIDC_OPERATOR: '/roles=cn=operators,dc=example',
      ROLEBOOK_OIDC_CLIENT_ID: 'console',
    });
    expect(oidc).toEqual([
      {
        issuer: 'https://login.example.com',
        audience: 'rolebook',
        tokenType: 'JWT',
        subjectClaim: ['oid'],
        account: { fixed: 'acme' },
        accounts: null,
        register: true,
        operator: { pointer: ['roles'], value: 'cn=operators,dc=example' },
        client: { id: 'console', secret: null, scope: 'openid', audienceParameter: null, signOut: 'here' },
      },
    ]);
  });

  test('says how the console asks it for a token', () => {
    const clientOf = (more: Record<string, string>) =>
      loadConfig({ ...ONE, ROLEBOOK_OIDC_CLIENT_ID: 'console', ...more }).oidc?.[0]?.client;
    expect(clientOf({ ROLEBOOK_OIDC_AUDIENCE: 'https://api.example.com' })).toMatchObject({
      audienceParameter: 'resource',
    });
    expect(clientOf({ ROLEBOOK_OIDC_AUDIENCE: 'api://0000' })).toMatchObject({ audienceParameter: null });
    expect(
      clientOf({
        ROLEBOOK_OIDC_AUDIENCE: 'https://api.example.com',
        ROLEBOOK_OIDC_AUDIENCE_PARAMETER: 'none',
        ROLEBOOK_OIDC_CLIENT_SECRET: 'kept apart',
        ROLEBOOK_OIDC_SCOPE: 'openid api://0000/.default',
        ROLEBOOK_OIDC_SIGN_OUT: 'provider',
      }),
    ).toEqual({
      id: 'console',
      secret: 'kept apart',
      scope: 'openid api://0000/.default',
      audienceParameter: null,
      signOut: 'provider',
    });
    expect(clientOf({ ROLEBOOK_OIDC_AUDIENCE_PARAMETER: 'audience' })).toMatchObject({
      audienceParameter: 'audience',
    });
  });

  test.each<[string, Record<string, string>]>([
    ['ROLEBOOK_OIDC_SCOPE lists scopes', { ROLEBOOK_OIDC_SCOPE: 'profile' }],
    ['ROLEBOOK_OIDC_SCOPE lists scopes', { ROLEBOOK_OIDC_SCOPE: 'openid  "x"' }],
    ['ROLEBOOK_OIDC_AUDIENCE_PARAMETER is one of', { ROLEBOOK_OIDC_AUDIENCE_PARAMETER: 'aud' }],
    ['ROLEBOOK_OIDC_CLIENT_SECRET is set without', { ROLEBOOK_OIDC_CLIENT_SECRET: 'x' }],
    [
      'ROLEBOOK_OIDC_SIGN_OUT is here or',
      { ROLEBOOK_OIDC_CLIENT_ID: 'console', ROLEBOOK_OIDC_SIGN_OUT: 'all' },
    ],
    ['ROLEBOOK_OIDC_SIGN_OUT is set without', { ROLEBOOK_OIDC_SIGN_OUT: 'provider' }],
  ])('is refused where %s', (fault, more) => {
    expect(faultsOf({ ...ONE, ...more })).toEqual([expect.stringContaining(fault)]);
  });

  test('has a secret only with an issuer, also one in a file', () => {
    expect(faultsOf({ ROLEBOOK_OIDC_CLIENT_SECRET_FILE: '/nowhere' })).toEqual(
      expect.arrayContaining([expect.stringContaining('without ROLEBOOK_OIDC_ISSUER')]),
    );
  });

  test.each([
    'https://login.example.com/realms/main',
    'https://x.auth0.com/',
    'http://127.0.0.1:9000',
    'http://localhost:9000/x',
    'http://[::1]:9000',
  ])('may be %s', (issuer) => {
    expect(faultsOf({ ...ONE, ROLEBOOK_OIDC_ISSUER: issuer })).toEqual([]);
  });

  test.each([
    'http://login.example.com',
    'http://127.0.0.1.example.com',
    'https://login.example.com?tenant=1',
    'https://login.example.com#x',
    'https://ada:secret@login.example.com',
    'login.example.com',
    'file:///issuer',
  ])('may not be %s', (issuer) => {
    const faults = faultsOf({ ...ONE, ROLEBOOK_OIDC_ISSUER: issuer });
    expect(faults).toEqual([expect.stringContaining('ROLEBOOK_OIDC_ISSUER is an address')]);
    expect(faults.join()).not.toContain('secret');
  });

  test('has all its faults told together', () => {
    const faults = faultsOf({
      ROLEBOOK_OIDC_ISSUER: 'http://login.example.com',
      ROLEBOOK_OIDC_TOKEN_TYPE: 'at jwt',
      ROLEBOOK_OIDC_SUBJECT_CLAIM: 'sub',
      ROLEBOOK_OIDC_ACCOUNT_CLAIM: '/~3',
      ROLEBOOK_OIDC_REGISTER: 'yes',
      ROLEBOOK_OIDC_OPERATOR: 'admin',
    });
    for (const name of [
      'ISSUER',
      'AUDIENCE',
      'TOKEN_TYPE',
      'SUBJECT_CLAIM',
      'ACCOUNT_CLAIM',
      'REGISTER',
      'OPERATOR',
    ])
      expect(faults.filter((each) => each.startsWith(`ROLEBOOK_OIDC_${name} `))).toHaveLength(1);
    expect(faults).toHaveLength(7);
  });

  test('has an audience that is no client, one way to the account, and is there where it is spoken of', () => {
    expect(faultsOf({ ...ONE, ROLEBOOK_OIDC_CLIENT_ID: 'rolebook' })).toEqual([
      expect.stringContaining('must differ from the audience'),
    ]);
    expect(
      faultsOf({ ...ONE, ROLEBOOK_OIDC_ACCOUNT: 'acme', ROLEBOOK_OIDC_ACCOUNT_CLAIM: '/tenant' }),
    ).toHaveLength(1);
    expect(faultsOf({ ROLEBOOK_OIDC_AUDIENCE: 'rolebook', ROLEBOOK_OIDC_REGISTER: 'on' })).toHaveLength(2);
  });

  test('is not for an ephemeral server, whose tokens are its own', () => {
    expect(() => demandEphemeral(loadConfig(ONE), {}, false)).toThrow(/ROLEBOOK_OIDC_/);
  });
});

describe('A file of issuers', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-oidc-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (content: unknown): Record<string, string> => {
    const name = path.join(folder, 'issuers.json');
    writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content));
    return { ROLEBOOK_OIDC_FILE: name };
  };
  const A = { issuer: 'https://a.example.com', audience: 'rolebook', accounts: ['acme'] };
  const B = { issuer: 'https://b.example.com', audience: 'rolebook', accounts: '*' };

  test('gives each what it may speak for', () => {
    const { oidc, demo } = loadConfig(
      file([
        { ...A, account: 'acme', operator: '/role=ops' },
        { ...B, tokenType: 'JWT', subjectClaim: '/oid', accountClaim: '/tid', register: true },
      ]),
    );
    expect(demo).toBe(false);
    expect(oidc).toMatchObject([
      { accounts: ['acme'], account: { fixed: 'acme' }, operator: { value: 'ops' }, register: false },
      { accounts: null, account: { claim: ['tid'] }, operator: null, register: true, tokenType: 'JWT' },
    ]);
  });

  test.each<[string, unknown, RegExp[]]>([
    ['is not JSON', '[{', [/is not JSON/]],
    ['lists none', [], [/the whole: /]],
    ['names no accounts', [{ issuer: A.issuer, audience: 'x' }], [/\/0\/accounts: /]],
    ['has a field that is none', [{ ...A, acounts: [] }], [/\/0\/acounts: /]],
    ['has one issuer twice', [A, A], [/\/1\/issuer is in the list twice/]],
    [
      'has faults in several',
      [
        { ...A, issuer: 'http://a.example.com', operator: 'x' },
        { ...B, audience: '', accounts: ['a b'] },
      ],
      [/\/0\/issuer /, /\/0\/operator /, /\/1\/audience /, /\/1\/accounts /],
    ],
    ['fixes another account', [{ ...A, account: 'other' }], [/\/0\/account is not one of/]],
    [
      'says the account twice',
      [{ ...A, account: 'acme', accountClaim: '/x' }],
      [/\/0\/account and accountClaim/],
    ],
  ])('that %s is refused', (_what, content, wanted) => {
    const faults = faultsOf(file(content)).filter((each) => each.startsWith('ROLEBOOK_OIDC_FILE: '));
    for (const pattern of wanted) expect(faults).toContainEqual(expect.stringMatching(pattern));
  });

  test('stands alone, and is readable', () => {
    const both = faultsOf({ ...file([A]), ...ONE });
    expect(both).toHaveLength(2);
    expect(faultsOf({ ROLEBOOK_OIDC_FILE: path.join(folder, 'none.json') })).toEqual([
      expect.stringContaining('cannot be read (ENOENT)'),
    ]);
  });
});
