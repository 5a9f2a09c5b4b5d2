/** The kill matrix in Markdown: one line for each broken drain, folded away. */
import { caughtWords, killSummary, killsOf } from './kills.js';
import { code, md } from './markdown.js';
import type { Report } from './model.js';

export function killsMarkdown(report: Report): string[] {
  const kills = killsOf(report);
  if (kills === undefined) return [];
  const rows = kills.requirements.flatMap(({ id }) =>
    kills.broken
      .filter(({ requirement }) => requirement === id)
      .map((one) => {
        const others = one.failedBy.filter((other) => other !== id).length;
        const ran = kills.requirements.length - one.notRun.length - 1;
        const racy = one.racy ? ' (needs a race)' : '';
        return `| ${code(id)} | ${md(one.name)}${racy} | ${md(one.what)} | ${md(caughtWords(one))} | ${others} of ${ran} |`;
      }),
  );
  const table = [
    '| Requirement | Broken drain | What is wrong | Caught | Others that failed it, of those run |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  return [
    '## How the suite was tried',
    killSummary(report).map(md).join('\n'),
    `<details><summary>${kills.broken.length} broken drains</summary>`,
    table,
    '</details>',
  ];
}
