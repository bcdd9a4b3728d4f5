import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RecordedEvent } from '../../../src/event-store/port/event-store';
import { openEmbeddedStore } from '../../../src/event-store/embedded';
import { collect, failureOf } from '../contract/controls';
import { EmbeddedControls } from './controls';

describe('the embedded store among processes', () => {
  const controls = new EmbeddedControls();
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await killed(child);
    await controls.cleanUp();
  });

  async function killed(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Starts a writer; gives it with what it has said once it has said so many lines, and then goes on listening. */
  async function startWriter(
    directory: string,
    lines: number,
  ): Promise<{ child: ChildProcess; said: string[] }> {
    const script = join(__dirname, 'writer-process.js');
    const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const said: string[] = [];
    const reader = createInterface({ input: child.stdout });
    await new Promise<void>((resolve) => {
      reader.on('line', (line) => {
        if (said.push(line) === lines) resolve();
      });
      reader.on('close', resolve);
    });
    return { child, said };
  }

  const line = ({ stream, revision, id }: RecordedEvent): string => `${stream} ${revision} ${id}`;

  it('keeps every append it acknowledged, once, when its process is killed', async () => {
    const directory = controls.newDirectory();
    const { child, said } = await startWriter(directory, 300);
    await killed(child);
    const reader = await controls.open(directory, true);
    const beside = await collect(reader.readAll());
    const store = await controls.open(directory);
    const events = await collect(store.readAll());
    expect(beside).toEqual(events);
    const lines = events.map(line);
    const [opened, ...acknowledged] = said;
    expect(opened).toBe('open');
    expect(acknowledged.length).toBeGreaterThanOrEqual(299);
    expect(acknowledged.filter((ack) => !lines.includes(ack))).toEqual([]);
    expect(new Set(lines).size).toBe(lines.length);
    for (const { stream, revision, id, type, data, metadata } of events) {
      const expected = revision === 0 ? 'no-stream' : revision - 1;
      expect(await store.append(stream, expected, [{ id, type, data, metadata }])).toMatchObject({
        revision,
      });
    }
    expect(await collect(store.readAll())).toEqual(events);
  });

  it('stops a second writer with a clear error, and lets it in once the first was killed', async () => {
    const directory = controls.newDirectory();
    const { child } = await startWriter(directory, 2);
    await expect(openEmbeddedStore({ directory })).rejects.toThrow(
      /another process is writing to the log in/,
    );
    expect((await startWriter(directory, 1)).said).toEqual(['refused LOCKED']);
    await killed(child);
    expect(await failureOf(controls.open(directory))).toBe('none');
  });

  it('can be read and followed while another process writes', async () => {
    const directory = controls.newDirectory();
    await startWriter(directory, 2);
    const reader = await controls.open(directory, true);
    const revisions = new Map<string, number>();
    const stop = new AbortController();
    let events = 0;
    for await (const item of reader.subscribe({ signal: stop.signal })) {
      if (item.kind !== 'event') continue;
      const { stream, revision } = item.event;
      expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
      revisions.set(stream, revision);
      if (++events === 1_000) stop.abort();
    }
    expect(events).toBe(1_000);
  });
});
