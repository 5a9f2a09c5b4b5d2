import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../spec/index.js';
import { DIST } from '../conformance/runner/drains.js';
import { EXIT } from './program.js';
import { closest, selectRequirements } from './select.js';
import { runText } from './testing.js';

describe('help', () => {
  test('--help has examples and exit codes, and succeeds', async () => {
    const { code, out } = await runText('run', '--help');
    expect(code).toBe(EXIT.asDeclared);
    expect(out).toContain('--impl <name|path>');
    expect(out).toContain('Examples:');
    expect(out).toContain('Exit code: 0');
  });
  test('--version prints the version of the package', async () => {
    expect((await runText('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('list and explain', () => {
  test('list names every requirement', async () => {
    const { code, out } = await runText('list');
    expect(code).toBe(0);
    for (const { id } of REQUIREMENTS) expect(out).toContain(id);
  });
  test('list --json is the requirements, of a family if asked', async () => {
    const all = JSON.parse((await runText('list', '--json')).out) as { id: string }[];
    expect(all).toHaveLength(REQUIREMENTS.length);
    const some = JSON.parse((await runText('list', '--json', '--family', 'sink')).out) as { id: string }[];
    expect(some.every(({ id }) => id.startsWith('SINK-'))).toBe(true);
  });
  test('explain tells the text, the reason, the check and how to run it, whatever the case of the id', async () => {
    const { out } = await runText('explain', 'lane-order');
    expect(out).toContain('in the order in which they were accepted');
    expect(out).toContain('conformance/checks/lane/lane-order.check.ts');
    expect(out).toContain('drainproof run --id LANE-ORDER');
  });
  test('explain says which capabilities a requirement needs', async () => {
    expect((await runText('explain', 'LANE-PRE-ROLL')).out).toContain('detail (has a detail lane');
  });
});

describe('mistakes are answered with what was meant, and exit code 2', () => {
  test.each([
    [['explain', 'LANE-ODER'], "Did you mean 'LANE-ORDER'?"],
    [['explain', 'zzzzzzzzzzzzzzzzzzzzzzzzzz'], "'drainproof list' shows all."],
    [['list', '--family', 'LAN'], "Did you mean 'LANE'?"],
    [['run', '--id', 'LOSS-TORN'], "Did you mean 'LOSS-NOT-TORN'"],
    [['run', '--famly', 'LANE'], 'Did you mean --family?'],
    [['lst'], 'Did you mean list?'],
    [['run', '--seed', 'x'], 'Expected a whole number'],
    [['run', '--impl', './nowhere.js'], 'IMPL_UNREADABLE'],
    [['run', '--impl', '.'], 'is not a file'],
    [['run', '--impl', 'package.json'], 'nor executable'],
    [['run', '--replay', 'nonsense'], "does not begin with 'dp1.'"],
    [['run', '--replay', 'dp1.nonsense'], 'damaged or cut off'],
    [['run', '--replay', 'dp1.x', '--id', 'LANE-ORDER'], 'leave out --id'],
    [['run', '--replay', 'dp1.x', '--shard', '1/2'], 'leave out --id, --family and --shard'],
    [['run', '--shard', '3/2'], 'Expected i/n'],
    [['run', '--id', 'LANE-ORDER', '--shard', '2/2'], 'There is nothing to do in this part'],
  ])('%j', async (args, hint) => {
    const { code, err } = await runText(...args);
    expect(err).toContain(hint);
    expect(code).toBe(EXIT.usage);
  });
});

describe('selection', () => {
  test('nothing chosen is everything', () => {
    expect(selectRequirements()).toBe(REQUIREMENTS);
  });
  test('families and ids add up, in report order', () => {
    const chosen = selectRequirements(['SINK'], ['LANE-ORDER']).map(({ id }) => id);
    expect(chosen[0]).toBe('LANE-ORDER');
    expect(chosen.slice(1).every((id) => id.startsWith('SINK-'))).toBe(true);
  });
  test('a part of a name finds it, something else does not', () => {
    expect(closest('torn', ['LOSS-NOT-TORN', 'LANE-ORDER'])).toBe('LOSS-NOT-TORN');
    expect(closest('qqqqqq', ['LANE-ORDER'])).toBeUndefined();
  });
});

test('a reader that has had enough of the output changes neither the work nor the exit code', async () => {
  const child = spawn(process.execPath, [join(DIST, 'cli', 'main.js'), 'list'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(said).toBe('');
});
