/** The worker's side of worker-pool.ts. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { DrainModule } from '../../spec/contract.js';
import { loadModule } from './load-module.js';
import { CONTROL, type WorkerStart } from './worker-pool.js';

/** Loads the module and answers messages for ever; the thread is ended from outside. */
export async function serveMessages<M, R>(
  handle: (message: M, module: DrainModule, send: (reply: R) => void) => void,
  describeFailure: (why: string) => R,
): Promise<never> {
  const { modulePath, port, control, mail } = workerData as WorkerStart;
  const send = (reply: R): void => {
    port.postMessage(reply);
    Atomics.add(mail, 0, 1);
    Atomics.notify(mail, 0);
  };
  let module: DrainModule | undefined;
  let failure = '';
  try {
    module = await loadModule(modulePath);
  } catch (error) {
    failure = String(error);
  }
  for (;;) {
    const asked = Atomics.load(control, CONTROL.asked);
    const received = receiveMessageOnPort(port) as { message: M } | undefined;
    if (received === undefined) Atomics.wait(control, CONTROL.asked, asked);
    else if (module === undefined) send(describeFailure(failure));
    else handle(received.message, module, send);
  }
}
