import { largest, sized, type Group } from '../context';
import { start, startHello, startRolebook, type Running } from '../processes';
import { median, timed } from '../stats';

/** From the start of the process to the first answer that it is ready, with read models in place. */
export const startToReady: Group = async (bench) => [
  ...(await ofFullLog(bench)),
  ...(await ofEphemeral(bench)),
];

const ofFullLog: Group = async (bench) => {
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

/**
 * For the tests of a frontend: from the start of the process to the line that says that the demo is served. Beside it the CPU
 * time of all its threads until then, and the start of another server: where a machine does other things, the time alone says
 * little.
 */
const ofEphemeral: Group = async ({ rounds }) => {
  const took: number[] = [];
  const spent: number[] = [];
  const hello: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    let cpu = NaN;
    const ready = await timeToStop(startEphemeral, (running) => {
      cpu = running.cpu();
      return Promise.resolve();
    });
    const yardstick = await timeToStop(startHello, () => Promise.resolve());
    if (round === 0) continue;
    took.push(ready);
    spent.push(cpu);
    hello.push(yardstick);
  }
  const what = 'start of an ephemeral server, to its line on stdout';
  const against = { what: 'start of Apollo’s hello', value: median(hello) / 1_000, unit: 's' } as const;
  return [
    { what, value: median(took) / 1_000, unit: 's', against, wanted: { of: 'value', atMost: 2 } },
    { what: `CPU of a ${what}`, value: median(spent), unit: 's' },
  ];
};

async function startEphemeral(): Promise<Running & { readonly url: string }> {
  const words = ['serve', '--ephemeral', '--port', '0'];
  const server = await start(
    '../bin/rolebook.js',
    {},
    (printed) => /"url":"(http:[^"]+)"/.exec(printed)?.[1] ?? null,
    words,
  );
  return { ...server, url: server.ready };
}

async function timeToStop<Started extends { stop(): Promise<void> }>(
  begin: () => Promise<Started>,
  until: (running: Started) => Promise<void>,
): Promise<number> {
  let running: Started | undefined;
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
