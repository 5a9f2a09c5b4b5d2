import type { ThreadRegistry } from '../../spec/index.js';
import { ThreadActor, type ThreadCommand, type ThreadReply } from './thread-actor.js';

/** What moves the logical threads of a stepped scenario. */
export interface Hands {
  perform(command: ThreadCommand): ThreadReply;
  /** The thread does nothing more. */
  kill(thread: number): void;
  close(): void;
}

/** All handles are used from the host's own thread. */
export class MovableHands implements Hands {
  readonly #actor: ThreadActor;

  constructor(registry: ThreadRegistry, detailRecordBytes: number) {
    this.#actor = new ThreadActor(registry, detailRecordBytes);
  }

  perform(command: ThreadCommand): ThreadReply {
    return this.#actor.perform(command);
  }

  kill(): void {
    // a handle that nobody touches any more is as dead as one can be on one thread
  }

  close(): void {
    // the handles go with the drain
  }
}
