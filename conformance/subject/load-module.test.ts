import { afterAll, describe, expect, it } from 'vitest';
import { codeOf } from './attempt.js';
import { loadModule } from './load-module.js';
import { Modules, REFERENCE } from './testing.js';

const modules = new Modules();
afterAll(() => {
  modules.remove();
});

const SOUND = `{ contractVersion: 1, name: 'n', version: '1', capabilities: ['detail'], createDrain() {}, openRegistry() {} }`;

async function refusal(path: string): Promise<{ code: string | undefined; message: string }> {
  const error: unknown = await loadModule(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { code: codeOf(error), message: (error as Error).message };
}

describe('loadModule', () => {
  it('takes named exports, a default export and the export implementation', async () => {
    expect((await loadModule(REFERENCE)).name).toBe('reference');
    expect((await loadModule(modules.write(`export default ${SOUND};`))).name).toBe('n');
    expect((await loadModule(modules.write(`export const implementation = ${SOUND};`))).name).toBe('n');
  });

  it('says what cannot be loaded and why', async () => {
    expect(await refusal('/nowhere/drain.mjs')).toMatchObject({ code: 'IMPL_UNREADABLE' });
    const broken = await refusal(modules.write('throw new Error("no licence");'));
    expect(broken.code).toBe('IMPL_UNREADABLE');
    expect(broken.message).toContain('no licence');
    expect((await refusal(modules.write('throw "words";'))).message).toContain('words');
  });

  it('names every missing and wrong member', async () => {
    const { code, message } = await refusal(
      modules.write(
        `export const contractVersion = 2; export const name = 7; export const capabilities = ['detail', 'flying', 'producer-threads']; export const version = null;`,
      ),
    );
    expect(code).toBe('IMPL_SHAPE');
    expect(message).toContain("'contractVersion' is 2 instead of 1");
    expect(message).toContain("'name' is of type number instead of string");
    expect(message).toContain("'version' is of type null instead of string");
    expect(message).toContain("'createDrain' is missing (function)");
    expect(message).toContain("'flying' is no capability");
    expect(message).toContain("'startProducers' is missing");
  });
});
