import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderSchemas } from './schemas.js';

const FOLDER = fileURLToPath(new URL('../../spec/schemas/', import.meta.url));

test('the JSON schemas in spec/schemas/ are those of the code', () => {
  for (const [name, text] of Object.entries(renderSchemas())) {
    expect(readFileSync(`${FOLDER}${name}`, 'utf8'), `${name}: run 'npm run schemas'`).toBe(text);
  }
});
