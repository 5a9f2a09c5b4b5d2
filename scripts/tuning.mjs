// The curves of docs/tuning.md: `npm run tuning`, or `npm run tuning -- quantum batch` for some of them.
// Medians of several runs, the drains turn and turn about, so that a busy machine disturbs all points alike.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { drawCurves } from './tuning-draw.mjs';
import { batchCurve, capacityCurve, quantumCurve } from './tuning-stepped.mjs';
import { sleepCurve } from './tuning-sleep.mjs';

const curves = { quantum: quantumCurve, capacity: capacityCurve, batch: batchCurve, sleep: sleepCurve };
const wanted = process.argv.slice(2);
for (const name of wanted)
  if (!(name in curves)) throw new Error(`there is no curve '${name}'; ${Object.keys(curves).join(', ')}`);
console.log(`${cpus().length} x ${cpus()[0].model}, Node.js ${process.version}\n`);
for (const [name, measure] of Object.entries(curves)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { head, rows, ...picture } = await measure();
  const file = `docs/tuning-${name}.svg`;
  writeFileSync(file, drawCurves(picture));
  console.log([head, head.map(() => '--:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  console.log(`\n${file}\n`);
}
