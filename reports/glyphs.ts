/** The shapes that stand for what happened; each differs by form, not by colour alone. */
import type { Glyph } from './lanes.js';

/** An element of an echarts custom series. */
export interface Shape {
  readonly type: 'circle' | 'rect' | 'line' | 'polygon' | 'text';
  readonly shape?: object;
  readonly style: object;
}

const R = 5;

function points(coordinates: readonly [number, number][], style: object): Shape {
  return { type: 'polygon', shape: { points: coordinates }, style };
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string): Shape {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { fill: 'none', stroke, lineWidth: 1.8, lineCap: 'round' } };
}

/** The shapes of a glyph about its centre. */
export function shapesOf(glyph: Glyph, x: number, y: number): Shape[] {
  switch (glyph) {
    case 'emit':
      return [{ type: 'circle', shape: { cx: x, cy: y, r: R }, style: { fill: 'var(--emit)' } }];
    case 'rejected':
      return [
        {
          type: 'circle',
          shape: { cx: x, cy: y, r: R },
          style: { fill: 'var(--card)', stroke: 'var(--fail)', lineWidth: 1.8 },
        },
        line(x - 2, y - 2, x + 2, y + 2, 'var(--fail)'),
        line(x - 2, y + 2, x + 2, y - 2, 'var(--fail)'),
      ];
    case 'group':
      return [
        points(
          [
            [x, y - 6],
            [x + 6, y],
            [x, y + 6],
            [x - 6, y],
          ],
          { fill: 'var(--emit)' },
        ),
      ];
    case 'mark':
      return [
        points(
          [
            [x, y - 6],
            [x + 6, y + 5],
            [x - 6, y + 5],
          ],
          { fill: 'var(--mark)' },
        ),
      ];
    case 'seal':
      return [
        { type: 'rect', shape: { x: x - 2, y: y - 7, width: 4, height: 14, r: 1 }, style: { fill: 'var(--mark)' } },
      ];
    case 'batch':
      return [
        { type: 'rect', shape: { x: x - R, y: y - R, width: 10, height: 10, r: 2 }, style: { fill: 'var(--pass)' } },
      ];
    case 'part':
      return [
        {
          type: 'rect',
          shape: { x: x - R, y: y - R, width: 10, height: 10, r: 2 },
          style: { fill: 'var(--card)', stroke: 'var(--warn)', lineWidth: 1.8 },
        },
        { type: 'rect', shape: { x: x - R, y: y - R, width: 5, height: 10 }, style: { fill: 'var(--warn)' } },
      ];
    case 'life':
      return [
        {
          type: 'circle',
          shape: { cx: x, cy: y, r: 4 },
          style: { fill: 'var(--card)', stroke: 'var(--text)', lineWidth: 1.8 },
        },
      ];
    case 'death':
      return [line(x - 5, y - 5, x + 5, y + 5, 'var(--text)'), line(x - 5, y + 5, x + 5, y - 5, 'var(--text)')];
    case 'note':
      return [{ type: 'circle', shape: { cx: x, cy: y, r: 2.5 }, style: { fill: 'var(--muted)' } }];
  }
}

/** The same shape as a small SVG of its own, for the legend. */
export function glyphSvg(glyph: Glyph): string {
  const shapes = shapesOf(glyph, 8, 8).map(({ type, shape, style }) => {
    const s = { ...shape, ...style } as Record<string, string | number | [number, number][]>;
    const paint = ` fill="${(s['fill'] as string | undefined) ?? 'none'}"${strokeOf(s)}`;
    if (type === 'circle') return `<circle cx="${at(s, 'cx')}" cy="${at(s, 'cy')}" r="${at(s, 'r')}"${paint}/>`;
    if (type === 'rect') {
      const box = ['x', 'y', 'width', 'height'].map((name) => `${name}="${at(s, name)}"`).join(' ');
      return `<rect ${box} rx="${at(s, 'r')}"${paint}/>`;
    }
    if (type === 'line') return `<path d="M${at(s, 'x1')} ${at(s, 'y1')}L${at(s, 'x2')} ${at(s, 'y2')}"${paint}/>`;
    return `<path d="M${(s['points'] as [number, number][]).map((p) => p.join(' ')).join('L')}Z"${paint}/>`;
  });
  return `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${shapes.join('')}</svg>`;
}

const at = (s: Record<string, unknown>, name: string): number => (s[name] as number | undefined) ?? 0;

function strokeOf(s: Record<string, unknown>): string {
  if (s['stroke'] === undefined) return '';
  return ` stroke="${s['stroke'] as string}" stroke-width="${at(s, 'lineWidth')}" stroke-linecap="round"`;
}
