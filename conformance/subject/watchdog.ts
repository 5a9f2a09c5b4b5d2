/**
 * Ends this process when its host is gone. The drain under test may keep the main thread in a loop for ever, where the end
 * of stdin is never seen; so a thread of its own looks, and it kills.
 */
import { Worker, isMainThread, workerData } from 'node:worker_threads';

const LOOK_MS = 500;

/** Watches from now on. The thread does not keep the process alive. */
export function watchHost(): void {
  new Worker(new URL(import.meta.url), { workerData: { host: process.ppid } }).unref();
}

if (!isMainThread) {
  const { host } = (workerData ?? {}) as { host?: number };
  if (host !== undefined) {
    setInterval(() => {
      if (process.ppid !== host) process.kill(process.pid, 'SIGKILL');
    }, LOOK_MS);
  }
}
