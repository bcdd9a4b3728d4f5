import { BroadcastChannel } from 'node:worker_threads';

/** Notifies readers of a log in other threads of this process of each commit, so that they need not poll. */
export class CommitNews {
  readonly #channel: BroadcastChannel;

  constructor(logIdentity: string) {
    this.#channel = new BroadcastChannel(`rolebook log ${logIdentity}`);
    this.#channel.unref();
  }

  tell(): void {
    this.#channel.postMessage(null);
  }

  /**
   * Calls `heard` at each commit. A notification without a listener is lost, without harm: the next commit notifies
   * again, and readers read the log itself.
   */
  listen(heard: () => void): void {
    this.#channel.onmessage = heard;
    // Listening would keep the process alive.
    this.#channel.unref();
  }

  close(): void {
    this.#channel.close();
  }
}
