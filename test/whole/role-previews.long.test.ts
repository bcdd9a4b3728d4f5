import { provePreviews } from './role-previews';

test('2,000 mutations do what was previewed, or are stale', async () => {
  const outcomes = await provePreviews(5_000);
  // eslint-disable-next-line no-console -- tells what the random run came to
  console.info(JSON.stringify(outcomes));
  for (const count of Object.values(outcomes) as number[]) expect(count).toBeGreaterThan(0);
  const { done, nothing, refused, stale } = outcomes;
  expect(done + nothing + refused + stale).toBeGreaterThan(2_000);
}, 1_200_000);
