import { scaled } from '../scale';
import { provePreviews, type Outcomes } from './role-previews';

/** Four worlds of 500 previews and more each: one world would be slow with all the roles that are made. */

const WORLDS = [1, 2, 3, 4];
const STEPS = 1_300;
const PREVIEWS = 500;
const found: Outcomes[] = [];

test.each(WORLDS)(
  'mutations do what was previewed, or are stale: world %i',
  async () => {
    const outcomes = await provePreviews(STEPS);
    const { done, nothing, refused, stale } = outcomes;
    expect(done + nothing + refused + stale).toBeGreaterThan(scaled(PREVIEWS) * 0.8);
    found.push(outcomes);
  },
  3_600_000,
);

test('each outcome has happened, 2,000 previews in all', () => {
  console.info(JSON.stringify(found));
  for (const outcome of ['done', 'nothing', 'refused', 'stale', 'doneBeside', 'doneTogether'] as const)
    expect(found.some((each) => each[outcome] > 0)).toBe(true);
  const all = found.flatMap(({ done, nothing, refused, stale }) => [done, nothing, refused, stale]);
  expect(all.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(scaled(WORLDS.length * PREVIEWS) * 0.9);
});
