import { largest, sized, type Group } from '../context';
import { startHello, startRolebook } from '../processes';
import { median, timed } from '../stats';

/** From the start of the process to the first answer that it is ready, with read models in place. */
export const startToReady: Group = async (bench) => {
  const folder = await bench.data.folder(largest(bench));
  const ours: number[] = [];
  const hello: number[] = [];
  // The first start finds nothing in the system's cache.
  for (let round = 0; round <= bench.rounds; round += 1) {
    const ready = await timeToStop(() => startRolebook(folder.directory), isReady);
    const yardstick = await timeToStop(startHello, () => Promise.resolve());
    if (round > 0) ours.push(ready);
    if (round > 0) hello.push(yardstick);
  }
  const events = `${sized(Math.round(folder.events / 1_000) * 1_000)} events in the log`;
  return [
    {
      what: `start to ready, ${events}`,
      value: median(ours) / 1_000,
      unit: 's',
      against: { what: 'start of Apollo’s hello', value: median(hello) / 1_000, unit: 's' },
      wanted: { of: 'value', atMost: 1 },
    },
  ];
};

async function timeToStop<Running extends { stop(): Promise<void> }>(
  begin: () => Promise<Running>,
  until: (running: Running) => Promise<void>,
): Promise<number> {
  let running: Running | undefined;
  const took = await timed(async () => {
    running = await begin();
    await until(running);
  });
  await running?.stop();
  return took;
}

async function isReady({ url }: { readonly url: string }): Promise<void> {
  while (!(await fetch(`${url}/health/ready`)).ok);
}
