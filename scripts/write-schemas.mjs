// Writes spec/schemas/*.json from the zod schemas, which are their one home. A test holds the files equal to them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { renderSchemas } from '../dist/spec/schemas.js';

mkdirSync('spec/schemas', { recursive: true });
for (const [name, text] of Object.entries(renderSchemas())) writeFileSync(`spec/schemas/${name}`, text);
