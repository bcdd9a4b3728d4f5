import type { Part } from '../part';
import { flood, shuffled, type FloodOptions } from './flood';
import { verdictOf } from './verdict';

const CLIENTS = 16;
const REQUESTS = 50_000;
const OF_EACH = 500;
const KILLS = 10;
/** Memory samples: five in each fifth. */
const SAMPLES = 25;

/** Random requests of everybody for everything, at one server. */
export const steadyFlood: Part = async (context) => {
  const requests = Math.ceil(REQUESTS * context.scale);
  const options: FloodOptions = { label: 'Flood', clients: CLIENTS, requests, events: [], samples: SAMPLES };
  const flooded = await flood(context, options);
  try {
    const ofEach = Math.ceil(OF_EACH * context.scale);
    return await verdictOf(flooded, { requests, ofEach, steady: true, kills: 0 });
  } finally {
    flooded.server.remove();
  }
};

/** The same while the server is killed now and then and started again: a missing answer is forgiven, a lost change is not. */
export const killedFlood: Part = async (context) => {
  const requests = Math.ceil(REQUESTS * context.scale);
  const kills = Math.max(1, Math.round(KILLS * context.scale));
  const events = shuffled(context.random, kills, requests).map((at, index) => ({
    at,
    async run(server: Parameters<FloodOptions['events'][number]['run']>[0]) {
      context.say(`kill ${index + 1} of ${kills}`);
      await server.killAndStart();
    },
  }));
  const options: FloodOptions = { label: 'Flood with kills', clients: CLIENTS, requests, events, samples: 0 };
  const flooded = await flood(context, options);
  try {
    const ofEach = Math.ceil(OF_EACH * context.scale);
    return await verdictOf(flooded, { requests, ofEach, steady: false, kills });
  } finally {
    flooded.server.remove();
  }
};
