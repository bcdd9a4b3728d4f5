import { execFileSync } from 'node:child_process';

test('a failure that nothing waited for is logged, and the process goes on', () => {
  const script = `
    const { logForgottenFailures } = require('./dist/src/app/forgotten-failures.js');
    logForgottenFailures({ error: ({ err }, text) => console.log(text + ': ' + err.message) });
    void Promise.reject(new Error('forgotten'));
    setTimeout(() => console.log('still here'), 20);`;
  const told = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(told).toBe('a promise failed that nothing waited for: forgotten\nstill here\n');
});
