export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value, for people. */
  readonly text: string;
  /** Whether it is one of ours. */
  readonly isOwn: boolean;
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly isLessBetter: boolean;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABELS = 190;
const VALUES = 90;
const TOP = 64;
const ROW = 28;
const BAR = 18;

const STYLE = `
    text { font: 14px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .subtitle { font-size: 13px; fill: #59636e; }
    .bar { fill: #b6bfc9; }
    .own { fill: #0f7b6c; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .subtitle { fill: #9198a1; }
      .bar { fill: #4a535e; }
      .own { fill: #2fb5a0; }
    }`;

/** Horizontal bars, the best first, on whatever background. */
export function barChart({ title, subtitle, isLessBetter, bars }: Chart): string {
  const sorted = bars.toSorted((a, b) => (isLessBetter ? a.value - b.value : b.value - a.value));
  const longest = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - LABELS - VALUES;
  const height = TOP + ROW * sorted.length;
  const rows = sorted.map(({ label, value, text, isOwn }, index) => {
    const y = TOP + ROW * index;
    const width = Math.max(1, (value / longest) * room);
    const baseline = y + BAR - 4;
    return [
      `  <text x="${LABELS - 10}" y="${baseline}" text-anchor="end">${escape(label)}</text>`,
      `  <rect class="${isOwn ? 'bar own' : 'bar'}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>`,
      `  <text x="${(LABELS + width + 8).toFixed(1)}" y="${baseline}">${escape(text)}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">`,
    `  <style>${STYLE}\n  </style>`,
    `  <text class="title" x="0" y="20">${escape(title)}</text>`,
    `  <text class="subtitle" x="0" y="42">${escape(subtitle)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
