import { loadConfig } from '../../src/config/config';
import { faultsOf } from './faults';

/** Settings of the console. */

test('it has a path, and sessions of a working day, without any setting', () => {
  expect(loadConfig({})).toMatchObject({
    consolePath: '/console',
    publicUrl: null,
    sessionIdleMinutes: 120,
    sessionHours: 12,
  });
});

test.each(['/roles', '/apps/roles', '/Console-2', '/a/b/c/d'])('its path may be %s', (path) => {
  expect(loadConfig({ ROLEBOOK_CONSOLE_PATH: path }).consolePath).toBe(path);
});

test.each([
  '/',
  'console',
  '/console/',
  '//x',
  '/a//b',
  '/../x',
  '/a b',
  '/graphql',
  '/health/x',
  '/scim',
  '/events',
  '/%41',
])('its path may not be %s', (path) => {
  expect(faultsOf({ ROLEBOOK_CONSOLE_PATH: path })).toEqual([
    expect.stringContaining('ROLEBOOK_CONSOLE_PATH'),
  ]);
});

test.each([
  'https://roles.example.com',
  'https://roles.example.com:8443',
  'http://127.0.0.1:4000',
  'http://localhost:4000',
])('browsers may come to %s', (origin) => {
  expect(loadConfig({ ROLEBOOK_PUBLIC_URL: origin }).publicUrl).toBe(origin);
});

test.each([
  'http://roles.example.com',
  'https://roles.example.com/',
  'https://roles.example.com/x',
  'https://ada@roles.example.com',
  'roles.example.com',
  'javascript:alert(1)',
])('browsers may not come to %s', (origin) => {
  expect(faultsOf({ ROLEBOOK_PUBLIC_URL: origin })).toEqual([expect.stringContaining('ROLEBOOK_PUBLIC_URL')]);
});

test('a session has an end', () => {
  for (const name of ['ROLEBOOK_SESSION_IDLE_MINUTES', 'ROLEBOOK_SESSION_HOURS'])
    for (const value of ['0', '-1', 'never', '100000']) expect(faultsOf({ [name]: value })).toHaveLength(1);
});
