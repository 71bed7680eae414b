import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pacer } from '@/lib/client/chat/stream/pacer';
import * as latency from '@/lib/protocol/latency';
import { createCoalescer } from '@/lib/server/models/adapter/coalescer';
import { PROJECT } from '@/scripts/lib/paths';

const read = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');
const filesIn = (folder: string) =>
  readdirSync(path.join(PROJECT, folder), { recursive: true }).map((file) => `${folder}/${file}`);
const architecture = read('docs/architecture.md');

describe("the diagram of a message's path", () => {
  it('names only files that exist', () => {
    const [diagram = ''] =
      architecture.match(/(?<=```mermaid\nflowchart TB\n)[\s\S]*?(?=```)/) ?? [];
    const files = [...diagram.matchAll(/\["([^"<]+)/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !existsSync(path.join(PROJECT, file)))).toEqual([]);
  });
});

describe('the latency budget', () => {
  const UNITS: Record<string, string> = {
    MS: 'ms',
    CHARS: 'characters',
    BYTES: 'bytes',
    FRAMES: 'frames',
    PARTS: 'parts',
  };

  it('lists exactly the constants, in their order, with their values', () => {
    const names = [...read('lib/protocol/latency.ts').matchAll(/^export const (\w+)/gm)].map(
      ([, name = '']) => name,
    );
    expect(names.length).toBeGreaterThan(20);
    const rows = [...architecture.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \|/gm)];
    const values = new Map(Object.entries<number>(latency));
    expect(rows.map(([, name, value]) => `${name}: ${value}`)).toEqual(
      names.map((name) => {
        const value = values.get(name) ?? Number.NaN;
        return `${name}: ${value.toLocaleString('en')} ${UNITS[name.replace(/^.*_/, '')]}`;
      }),
    );
  });

  it('adds up to the sums in the text', () => {
    const usual = [
      latency.MIN_COALESCING_WINDOW_MS,
      latency.FRAME_TICK_INTERVAL_MS,
      latency.PACER_INTERVAL_MS,
      latency.CHAT_RENDER_INTERVAL_MS,
    ];
    const worst = [
      latency.MAX_COALESCING_WINDOW_MS,
      latency.MAX_LAG_EXTENSION_MS,
      latency.FRAME_TICK_INTERVAL_MS,
      latency.MAX_PACER_LAG_MS,
      latency.CHAT_RENDER_INTERVAL_MS,
    ];
    const text = architecture.replace(/\s+/g, ' ');
    for (const terms of [usual, worst]) {
      expect(text).toContain(`${terms.join(' + ')} = ${terms.reduce((a, b) => a + b)} ms`);
    }
  });

  it.each([2, 5, 20, 50])('holds up to useChat for one token every %i ms', (tokenGapMs) => {
    let now = 0;
    let scheduled: { atMs: number; send: () => void } | undefined;
    const pacer = new Pacer();
    const coalescer = createCoalescer({
      emit: (_, value) => pacer.add([{ code: '0', value }], now),
      windowMs: () => latency.MIN_COALESCING_WINDOW_MS,
      now: () => now,
      schedule: (atMs, send) => {
        const tick = Math.ceil(atMs / latency.FRAME_TICK_INTERVAL_MS);
        scheduled = { atMs: tick * latency.FRAME_TICK_INTERVAL_MS, send };
        return () => {
          scheduled = undefined;
        };
      },
    });
    const lagsMs: number[] = [];
    for (; now < 2_000; now += 1) {
      // Each token is the time at which the model sent it.
      if (now % tokenGapMs === 0) coalescer.push('text', `${now} `);
      if (scheduled && scheduled.atMs <= now) scheduled.send();
      if (now % latency.PACER_INTERVAL_MS !== 0) continue;
      for (const { value } of pacer.takeDue(now)) {
        for (const sentAt of String(value).trim().split(' ')) lagsMs.push(now - Number(sentAt));
      }
    }
    expect(lagsMs.length).toBeGreaterThan(1_800 / tokenGapMs);
    expect(Math.max(...lagsMs)).toBeLessThanOrEqual(
      latency.MIN_COALESCING_WINDOW_MS + latency.FRAME_TICK_INTERVAL_MS + latency.PACER_INTERVAL_MS,
    );
  });
});

describe('the diagram of the folders', () => {
  const [diagram = ''] = architecture.match(/(?<=```mermaid\nflowchart LR\n)[\s\S]*?(?=```)/) ?? [];
  const boxes = [...diagram.matchAll(/(\w+)\["([^"]+)"\]/g)].flatMap(([, id = '', label = '']) =>
    label
      .split('<br/>')
      .map((pattern) => ({ id, length: pattern.length, regex: toRegex(pattern) })),
  );

  /** Boxes that every folder may import; the diagram has no arrows to them. */
  const UNIVERSAL = new Set(['protocol', 'universal']);

  /** Returns the box of a file: the one with the longest matching pattern. */
  function boxOf(file: string): string {
    const matching = boxes.filter(({ regex }) => regex.test(file));
    return matching.sort((a, b) => b.length - a.length)[0]?.id ?? file;
  }

  it('has an arrow for each import between folders, and an import for each arrow', () => {
    const arrows = [...diagram.matchAll(/^ *(\w+) --> (.+)$/gm)].flatMap(([, from, to = '']) =>
      to.split(' & ').map((target) => `${from} --> ${target}`),
    );
    const imports = new Map<string, string>();
    const files = ['app', 'artifacts', 'components', 'lib', 'tools'].flatMap(filesIn);
    for (const file of files.filter((name) => /\.tsx?$/.test(name))) {
      const from = boxOf(file);
      for (const [, target = ''] of read(file).matchAll(/(?:from|import)\s*\(?\s*'@\/([^']+)'/g)) {
        const to = boxOf(target);
        if (to === from || (UNIVERSAL.has(to) && !UNIVERSAL.has(from))) continue;
        imports.set(`${from} --> ${to}`, `${file} imports ${target}`);
      }
    }
    expect(arrows.length).toBeGreaterThan(10);
    expect([...imports].filter(([arrow]) => !arrows.includes(arrow))).toEqual([]);
    expect(arrows.filter((arrow) => !imports.has(arrow))).toEqual([]);
  });
});

/** Matches the files below a path with `*` and `{a,b}`. */
function toRegex(pattern: string): RegExp {
  const source = pattern
    .replace(/\*/g, '[^/]+')
    .replace(/\{([^}]+)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
  return new RegExp(`^${source}(?:[/.]|$)`);
}
