import { provePreviews } from './role-previews';

test('mutations do what was previewed, or are stale', async () => {
  const outcomes = await provePreviews(60, 16);
  expect(outcomes.done + outcomes.nothing + outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.stale).toBeGreaterThan(0);
}, 60_000);
