/** One logical thread of a stepped scenario, as a real thread: it moves only when it holds the baton. */
import type { ThreadCommand, ThreadReply } from './thread-actor.js';
import { ThreadActor } from './thread-actor.js';
import { serveMessages } from './worker-loop.js';

export type BatonMessage =
  | { readonly type: 'open'; readonly shared: unknown; readonly detailRecordBytes: number }
  | { readonly type: 'command'; readonly command: ThreadCommand }
  /** The scenario is over: let go of the drain. */
  | { readonly type: 'close' };

const NOTHING: ThreadReply = { outcomes: [] };
let actor: ThreadActor | undefined;

await serveMessages<BatonMessage, ThreadReply>(
  (message, module, send) => {
    switch (message.type) {
      case 'open':
        try {
          actor = new ThreadActor(module.openRegistry(message.shared), message.detailRecordBytes);
          send(NOTHING);
        } catch (error) {
          send({ outcomes: [], threw: `openRegistry() in another thread: ${String(error)}` });
        }
        break;
      case 'command':
        send(actor!.perform(message.command));
        break;
      case 'close':
        actor = undefined;
        send(NOTHING);
    }
  },
  (why) => ({ outcomes: [], threw: why }),
);
