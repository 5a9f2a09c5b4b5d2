// Reads lcov.info and the table of docs/coverage.md: rows of a file, words of its code, and a reason.

/** Places of a coverage file that have a branch or a function which nothing reached: file, line (1-based), code. */
export function unreached(lcov, readSource) {
  const places = [];
  let file = '';
  let lines = new Set();
  const functions = new Map();
  for (const row of lcov.split('\n')) {
    const [, kind, rest] = /^([A-Z]+):(.*)$/.exec(row) ?? [undefined, row, ''];
    const fields = rest.split(',');
    if (kind === 'SF') {
      file = rest;
      lines = new Set();
      functions.clear();
    } else if (kind === 'FN') functions.set(fields.slice(1).join(','), Number(fields[0]));
    else if (kind === 'FNDA' && fields[0] === '0') lines.add(functions.get(fields.slice(1).join(',')));
    else if (kind === 'BRDA' && (fields[3] === '0' || fields[3] === '-')) lines.add(Number(fields[0]));
    else if (kind === 'end_of_record') {
      const source = readSource(file).split('\n');
      for (const line of [...lines].sort((a, b) => a - b)) places.push({ file, line, code: source[line - 1].trim() });
    }
  }
  return places;
}

/** Rows of the table: file, code, reason, unit tests. Words of the code stand for every line of the file that has them. */
export function tableRows(markdown) {
  return markdown.split('\n').flatMap((line) => {
    const found = /^\| `([^`]+)` \| `([^`]+)` \| (.+) \| (?:yes|no|some|-) \|$/.exec(line);
    return found === null ? [] : [{ file: found[1], code: found[2].replaceAll('\\|', '|'), reason: found[3] }];
  });
}

/** Places that no row speaks of. */
export function unexplained(places, rows) {
  return places.filter(({ file, code }) => !rows.some((row) => file === row.file && code.includes(row.code)));
}
