import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../spec/index.js';
import { conclude } from './run-command.js';
import { nothing, RunFolder } from './testing.js';

const folder = new RunFolder();
afterAll(() => folder.remove());

describe('drainproof run', () => {
  test(
    'judges both of our drains by every requirement, writes every report, and succeeds',
    { timeout: 400_000 },
    async () => {
      const { code, text, results } = await folder.run('ours', []);
      const others = results.verdicts.filter(({ verdict }) => verdict !== 'pass');
      expect(others.map(({ id, drain, verdict, reason }) => `${id} ${drain} ${verdict}: ${reason}`)).toEqual([]);
      expect(results.verdicts).toHaveLength(2 * REQUIREMENTS.length);
      expect(results.end).toMatchObject({ ok: true, problems: [] });
      expect(code).toBe(0);
      expect(text).toContain('Every verdict is as declared');
      for (const file of ['index.html', 'junit.xml', 'report.md']) {
        expect(readFileSync(join(folder.path, 'ours', file), 'utf8')).toContain('LANE-ORDER');
      }
    },
  );

  test('judges every n-th requirement as a shard, and the shards make a whole', async () => {
    const ids = ['LANE-ORDER', 'SINK-BACKS-OFF', 'LOSS-NOT-TORN'];
    const args = ['--impl', 'reference', ...ids.flatMap((id) => ['--id', id])];
    const judged = async (shard: string): Promise<string[]> => {
      const { code, results } = await folder.run(`shard-${shard.replace('/', '-')}`, [...args, '--shard', shard]);
      expect(code).toBe(0);
      expect(results.run.shard).toEqual({ index: Number(shard[0]), of: 2 });
      return results.verdicts.map(({ id }) => id);
    };
    const [first, second] = [await judged('1/2'), await judged('2/2')];
    expect([first.length, second.length]).toEqual([2, 1]);
    expect([...first, ...second].toSorted()).toEqual(ids.toSorted());
  });

  test('refuses a module of the wrong shape, naming what is missing', async () => {
    const path = folder.write('shape.mjs', 'export const name = 1;');
    const { code, text } = await folder.start(['--impl', path, '--out', join(folder.path, 'shape')]);
    expect(code).toBe(2);
    expect(text).toContain('IMPL_SHAPE');
    expect(text).toContain('createDrain');
  });

  test('prints a replay command that gives the same verdict again', async () => {
    const path = folder.write('replayed.mjs', nothing(''));
    const first = await folder.run('replayed', ['--impl', path, '--id', 'LANE-ORDER']);
    const { replay, message } = first.results.verdicts[0]!.failure!;
    const token = /--replay (\S+)$/.exec(replay)![1]!;
    expect(replay).toContain(`--impl ${path}`);
    const again = await folder.run('again', ['--impl', path, '--replay', token]);
    expect(again.results.verdicts.map(({ id, failure }) => [id, failure?.message])).toEqual([['LANE-ORDER', message]]);
    const sound = await folder.run('sound', ['--impl', 'reference', '--replay', token]);
    expect(sound.results.verdicts[0]!.verdict).toBe('pass');
  });
});

describe('the conclusion of a run', () => {
  const targets = [{ name: 'mine', given: 'mine', path: '/mine', command: ['mine'] }];
  const few = REQUIREMENTS.slice(0, 2);
  const verdict = (id: string, name: 'pass' | 'inconclusive' | 'not-applicable') =>
    ({
      type: 'verdict',
      id,
      drain: 'mine',
      verdict: name,
      reason: '',
      seed: 1,
      scenarios: 0,
      events: 0,
      durationMs: 0,
    }) as const;

  test('no checks run is red', () => {
    expect(conclude([], targets, [], [])).toMatchObject({ ok: false, problems: ['no check was run'] });
  });
  test('a missing verdict is red, and named', () => {
    const end = conclude(few, targets, [verdict(few[0]!.id, 'pass')], []);
    expect(end.ok).toBe(false);
    expect(end.problems[0]).toContain(few[1]!.id);
  });
  test('an inconclusive verdict is red, not-applicable is not', () => {
    const pass = verdict(few[0]!.id, 'pass');
    expect(conclude(few, targets, [pass, verdict(few[1]!.id, 'inconclusive')], []).ok).toBe(false);
    expect(conclude(few, targets, [pass, verdict(few[1]!.id, 'not-applicable')], [])).toMatchObject({
      ok: true,
      counts: { pass: 1, fail: 0 },
    });
  });
  test('a drain that claims nothing and so passes nothing is red', () => {
    const end = conclude(
      few,
      targets,
      few.map(({ id }) => verdict(id, 'not-applicable')),
      [],
    );
    expect(end.problems).toEqual(['mine: no check passed']);
  });
  test('a fault of the suite is red', () => {
    expect(
      conclude(
        few,
        targets,
        few.map(({ id }) => verdict(id, 'pass')),
        ['a worker died'],
      ),
    ).toMatchObject({ ok: false, problems: ['a worker died'] });
  });
});
