/**
 * A subject for the suite's own tests that misbehaves as its argument says. It runs as a process of its own:
 *     node odd-subject.js hang | crash | exit | garbage | wrong-id | late-ready | good | mute | fork | refuse | no-ready
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const mode = process.argv[2] ?? 'good';
const say = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
const history = [
  { type: 'history', version: 1, mode: 'stepped', config: {} },
  { type: 'create', outcome: 'accepted' },
  { type: 'end' },
];

const onRun: Record<string, (id: number) => void> = {
  good: (id) => {
    say({ type: 'history', id, records: history });
    say({ type: 'done', id });
  },
  hang: () => {
    for (;;);
  },
  mute: () => undefined,
  crash: (id) => {
    say({ type: 'history', id, records: history.slice(0, 2) });
    setImmediate(() => process.kill(process.pid, 'SIGSEGV'));
  },
  exit: () => process.exit(3),
  garbage: () => process.stdout.write('Segmentation fault? No, just chatting.\n'),
  'wrong-id': (id) => say({ type: 'done', id: id + 1 }),
  'late-ready': () => say({ type: 'ready', protocol: 1, name: 'odd', version: '1', capabilities: [] }),
  fork: () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    process.stderr.write(`child ${child.pid}\n`, () => process.exit(4));
  },
  refuse: (id) => say({ type: 'failed', id, code: 'SCENARIO', message: 'cannot do that' }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as { type: string; id: number };
  if (message.type === 'hello') {
    if (mode === 'no-ready') say({ type: 'done', id: 1 });
    else if (mode === 'refuse-hello') say({ type: 'failed', id: 0, code: 'IMPL_SHAPE', message: 'lacks createDrain' });
    else say({ type: 'ready', protocol: 1, name: 'odd', version: '1', capabilities: ['metrics'] });
  } else if (message.type === 'run') onRun[mode]?.(message.id);
  else if (mode !== 'mute') process.exit(0);
});
