import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { StressLoad } from '../spec/index.js';
import { StressClient } from './client.js';
import { scenarioOf } from './plan.js';
import { runScenario } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-stress-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const clients: StressClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

const READY = `{"type":"ready","protocol":1,"name":"fake","version":"1","capabilities":["threads"]}`;
let made = 0;

/** A subject that answers hello with `ready`, and a measurement with what `onMeasure` does with `say` and `id`. */
function fake(onMeasure: string, ready = READY): StressClient {
  made += 1;
  const path = join(folder, `fake-${made}.mjs`);
  writeFileSync(
    path,
    `import { createInterface } from 'node:readline';
     const say = (value) => process.stdout.write((typeof value === 'string' ? value : JSON.stringify(value)) + '\\n');
     for await (const line of createInterface({ input: process.stdin })) {
       const { type, id } = JSON.parse(line);
       if (type === 'hello') say(${JSON.stringify(ready)});
       if (type === 'measure') { ${onMeasure} }
       if (type === 'halt') say({ type: 'failed', id, code: 'HALTED', message: 'ended early' });
       if (type === 'bye') process.exit(0);
     }`,
  );
  const client = new StressClient([process.execPath, path]);
  clients.push(client);
  return client;
}

const load = StressLoad.parse({
  version: 1,
  groups: [{ threads: 1, arrivals: { kind: 'closed', events: 1 } }],
  durationMs: 10,
});
const nothing = (): void => undefined;
const RESULT = `{ complete: true, wallMs: 1, threads: 1, lives: 1, eventsPerSecond: 1, windows: [],
  ledger: { attempted: 1, accepted: 1, rejected: 0, retries: 0, delivered: 1, lost: 0, duplicated: 0, wrong: 0 } }`;

test('a program in any language is measured when it answers', async () => {
  const seen: number[] = [];
  const client = fake(`say({ type: 'progress', id, elapsedMs: 5, delivered: 1, eventsPerSecond: 2, threads: 1 });
    say({ type: 'measured', id, result: ${RESULT} });`);
  const answer = await client.measure(load, ({ elapsedMs }) => seen.push(elapsedMs));
  expect(answer).toMatchObject({ ok: true, value: { complete: true, problems: [], recoveriesMs: [] } });
  expect(seen).toEqual([5]);
  // the same process serves the next one
  expect((await client.measure(load, nothing)).ok).toBe(true);
});

test.each([
  ['garbage', `say('hello there')`, /"hello there", which is no answer/],
  ['garbage', `say({ type: 'measured', id: id + 1, result: ${RESULT} })`, /answered \d+, which was not asked/],
  ['exit', `process.stderr.write('oh no'); process.exit(3)`, /exit code 3: oh no/],
  ['exit', `process.kill(process.pid, 'SIGSEGV')`, /ended by SIGSEGV/],
  ['refused', `say({ type: 'failed', id, code: 'PROTOCOL', message: 'no loads here' })`, /no loads here/],
])('what breaks down is told as %s', async (kind, onMeasure, message) => {
  const client = fake(onMeasure);
  const answer = await client.measure(load, nothing);
  expect(answer).toMatchObject({ ok: false, fault: { kind, message: expect.stringMatching(message) as string } });
  // and the next one gets a fresh process
  expect((await client.open()).ok).toBe(true);
});

test('a subject that is not ready is no subject', async () => {
  const refused = fake('', '{"type":"failed","id":0,"code":"IMPL_SHAPE","message":"no drain"}');
  expect(await refused.measure(load, nothing)).toMatchObject({ fault: { kind: 'refused', code: 'IMPL_SHAPE' } });
  const odd = fake('', '{"type":"done","id":1}');
  expect(await odd.open()).toMatchObject({ fault: { kind: 'garbage', message: "it answered hello with 'done'" } });
  const gone = new StressClient([join(folder, 'no-such-program')]);
  expect(await gone.open()).toMatchObject({ fault: { kind: 'exit' } });
});

test('a measurement is halted on request', async () => {
  const abort = new AbortController();
  const client = fake(`say({ type: 'progress', id, elapsedMs: 5, delivered: 1, eventsPerSecond: 2, threads: 1 })`);
  const answer = await client.measure(load, () => abort.abort(), abort.signal);
  expect(answer).toMatchObject({ ok: false, fault: { code: 'HALTED' } });
});

const options = {
  drain: 'fake',
  scale: { seconds: 0.1, rate: 1, seed: 1 },
  repeats: 1,
  most: 2,
  replay: 'again',
};

test('a program that does not speak of loads is not measured; one that breaks down has failed', async () => {
  const mute = fake(`say({ type: 'failed', id, code: 'PROTOCOL', message: 'what is measure?' })`);
  expect(await runScenario(scenarioOf('light')!, mute, options)).toMatchObject({
    verdict: 'not-applicable',
    reason: 'what is measure?',
  });
  const broken = await runScenario(scenarioOf('light')!, fake('process.exit(1)'), options);
  expect(broken).toMatchObject({ verdict: 'fail', targets: [], results: [], partial: false });
  const unable = fake('', READY.replace('"threads"', ''));
  expect(await runScenario(scenarioOf('light')!, unable, options)).toMatchObject({
    verdict: 'not-applicable',
    reason: 'it does not claim threads',
  });
  const never = new StressClient([join(folder, 'no-such-program')]);
  expect((await runScenario(scenarioOf('light')!, never, options)).verdict).toBe('fail');
});

test('what is not clear is measured again, and told with all its figures', async () => {
  const client = fake(`say({ type: 'measured', id, result: ${RESULT} });`);
  const record = await runScenario(scenarioOf('light')!, client, options);
  // no latency was told: that cannot be clear
  expect(record.results).toHaveLength(2);
  expect(record.verdict).toBe('inconclusive');
  const wrong = fake(`const result = ${RESULT}; result.ledger.lost = 1; say({ type: 'measured', id, result });`);
  const failed = await runScenario(scenarioOf('light')!, wrong, options);
  expect(failed.results).toHaveLength(1);
  expect(failed).toMatchObject({ verdict: 'fail', reason: 'eventsLost: 1 events where 0 is due' });
});
