/** CPU of the frames of a page, from a trace of the browser. */

const CATEGORIES = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'cc',
  'benchmark',
];
const FRAME = 'BeginMainThreadFrame';
const TASK = 'RunTask';

/** Does something, and tells the CPU time of the page’s main thread in each frame meanwhile, in milliseconds. */
export async function framesOf(page, act) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return framesIn(traceEvents);
}

/** Sums of the tasks between the beginnings of frames. The clock of a thread runs only while the thread does. */
function framesIn(events) {
  const threads = new Map();
  for (const event of events) {
    const thread = `${event.pid} ${event.tid}`;
    if (!threads.has(thread)) threads.set(thread, []);
    threads.get(thread).push(event);
  }
  const [ofPage] = [...threads.values()]
    .filter((all) => all.some(begins))
    .sort((one, other) => cpuOf(other) - cpuOf(one));
  if (!ofPage) throw new Error('The trace has no frame.');
  const frames = [];
  let sum = null;
  for (const event of ofPage.sort((one, other) => one.ts - other.ts)) {
    if (begins(event)) {
      if (sum !== null) frames.push(sum);
      sum = 0;
    } else if (sum !== null && isTask(event)) sum += event.tdur / 1_000;
  }
  return frames;
}

const begins = ({ name, ph }) => name === FRAME && ph === 'b';
const isTask = ({ name, ph, tdur }) => name === TASK && ph === 'X' && tdur !== undefined;
const cpuOf = (events) => events.filter(isTask).reduce((sum, { tdur }) => sum + tdur, 0);
