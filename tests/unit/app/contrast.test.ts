import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The custom properties of the first rule that opens with `selector {` at the start of a line. */
function variablesOf(css: string, selector: string): Map<string, string> {
  const block = css.match(new RegExp(`^ *${selector.replace('.', '\\.')} \\{([^}]*)\\}`, 'm'))?.[1];
  if (!block) throw new Error(`no rule for ${selector}`);
  const found = [...block.matchAll(/--([\w-]+):\s*([^;]+);/g)];
  return new Map(found.map(([, name = '', value = '']) => [name, value]));
}

const css = readFileSync(new URL('../../../app/globals.css', import.meta.url), 'utf8');
const light = variablesOf(css, ':root');
const dark = new Map([...light, ...variablesOf(css, '.dark')]);

/** Relative luminance (WCAG) of a token whose value is `oklch(L C H)` or `var(--other)`. */
function luminance(theme: Map<string, string>, token: string): number {
  const value = theme.get(token);
  const alias = value?.match(/^var\(--([\w-]+)\)$/)?.[1];
  if (alias) return luminance(theme, alias);
  const numbers = value
    ?.match(/^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/)
    ?.slice(1)
    .map(Number);
  if (!numbers) throw new Error(`${token} is ${value}`);
  const [L = 0, C = 0, H = 0] = numbers;
  const a = C * Math.cos((H * Math.PI) / 180);
  const b = C * Math.sin((H * Math.PI) / 180);
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (channel: number) => Math.min(1, Math.max(0, channel));
  return (
    0.2126 * clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) +
    0.7152 * clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) +
    0.0722 * clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}

function contrast(theme: Map<string, string>, one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(theme, one), luminance(theme, other)].sort(
    (x, y) => x - y,
  );
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ['background', 'sidebar', 'card', 'popover', 'field', 'muted', 'accent', 'code'];
const TEXT_ON: Array<[text: string, surfaces: string[]]> = [
  ['foreground', [...SURFACES, 'secondary', 'bubble']],
  ['muted-foreground', [...SURFACES, 'secondary', 'bubble']],
  ['accent-foreground', ['accent']],
  ['primary', ['background', 'sidebar', 'card', 'popover', 'accent']],
  ['destructive-text', ['background', 'sidebar', 'card', 'popover']],
  ['warning-text', ['background', 'card', 'popover', 'accent']],
  ['primary-foreground', ['primary', 'primary-hover']],
  ['destructive-foreground', ['destructive', 'destructive-hover']],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s theme', (_name, theme) => {
  it.each(TEXT_ON)('%s has a contrast of 4.5:1 on every surface', (text, surfaces) => {
    for (const surface of surfaces) {
      expect(contrast(theme, text, surface), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(['background', 'sidebar', 'popover'])(
    'the focus ring has a contrast of 3:1 on %s',
    (surface) => {
      expect(contrast(theme, 'ring', surface)).toBeGreaterThanOrEqual(3);
    },
  );

  it('the dot of a live answer has a contrast of 3:1 in the sidebar', () => {
    expect(contrast(theme, 'live', 'sidebar')).toBeGreaterThanOrEqual(3);
  });
});
