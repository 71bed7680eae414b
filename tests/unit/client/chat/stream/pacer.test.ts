import { describe, expect, it } from 'vitest';
import { Pacer } from '@/lib/client/chat/stream/pacer';
import { completeGraphemesLength, wordBoundary } from '@/lib/client/chat/stream/text-boundaries';
import { MAX_PACER_LAG_MS, PACER_INTERVAL_MS } from '@/lib/protocol/latency';
import type { Line } from '@/lib/protocol/lines';
import fc from '@/tests/support/fast-check';

type Arrival = { afterMs: number; lines: Line[] };
type Emission = { atMs: number; lines: Line[] };

const text = (value: string): Line => ({ code: '0', value });
const joined = (lines: readonly Line[]) => lines.map(({ value }) => value).join('');

/** Feeds the arrivals to a pacer, polls it every PACER_INTERVAL_MS, and returns what it emitted and when. */
function simulate(arrivals: readonly Arrival[], pacer = new Pacer()): Emission[] {
  const emitted: Emission[] = [];
  let now = 0;
  let nextTick = 0;
  const poll = () => {
    const lines = pacer.takeDue(nextTick);
    if (lines.length > 0) emitted.push({ atMs: nextTick, lines });
    nextTick += PACER_INTERVAL_MS;
  };
  for (const { afterMs, lines } of arrivals) {
    now += afterMs;
    while (nextTick < now) poll();
    pacer.add(lines, now);
  }
  for (let tick = 0; tick * PACER_INTERVAL_MS <= MAX_PACER_LAG_MS; tick += 1) poll();
  return emitted;
}

/** The complete text after each arrival. */
function arrivedBy(arrivals: readonly Arrival[]): Array<{ atMs: number; text: string }> {
  let atMs = 0;
  let arrivedText = '';
  return arrivals.map(({ afterMs, lines }) => {
    atMs += afterMs;
    arrivedText += joined(lines);
    return { atMs, text: arrivedText };
  });
}

const SAMPLES = [
  'The quick brown fox jumps over the lazy dog, and then it rests. ',
  '素早い茶色の狐がのろまな犬を飛び越える。今日は天気がいいですね。',
  'สวัสดีชาวโลกวันนี้อากาศดีมาก ',
  'Familie 👩‍👩‍👧‍👦 und 🏳️‍🌈, 🇩🇪🇫🇷 e\u0301te\u0301 a\u0308. ',
];

const arrivalsOf = (sample: string) =>
  fc
    .array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 400 }),
        size: fc.integer({ min: 1, max: 30 }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((bursts) => {
      const points = [...sample.repeat(20)];
      let from = 0;
      return bursts.map(({ afterMs, size }) => {
        const value = points.slice(from, from + size).join('');
        from += size;
        return { afterMs, lines: [text(value)] };
      });
    });

describe('text that arrives in bursts', () => {
  for (const sample of SAMPLES) {
    it(`is emitted completely, in order, and at most ${MAX_PACER_LAG_MS} ms late: ${sample.slice(0, 10)}`, () => {
      fc.assert(
        fc.property(arrivalsOf(sample), (arrivals) => {
          const pacer = new Pacer();
          const emitted = simulate(arrivals, pacer);
          const all = joined(arrivals.flatMap(({ lines }) => lines));
          const remainingText = joined(pacer.drain());
          expect(joined(emitted.flatMap(({ lines }) => lines)) + remainingText).toBe(all);
          expect(all.length - remainingText.length).toBeGreaterThanOrEqual(
            completeGraphemesLength(all),
          );
          for (const { atMs } of arrivedBy(arrivals)) {
            const visible = emitted.filter((arrival) => arrival.atMs <= atMs + MAX_PACER_LAG_MS);
            const length = joined(visible.flatMap(({ lines }) => lines)).length;
            // Later text may have turned the last character into an incomplete one.
            const completeText = arrivedBy(arrivals)
              .filter((later) => later.atMs >= atMs && later.atMs <= atMs + MAX_PACER_LAG_MS)
              .map(({ text: arrivedText }) => completeGraphemesLength(arrivedText));
            expect(length).toBeGreaterThanOrEqual(Math.min(...completeText));
          }
        }),
        { numRuns: 60 },
      );
    });

    it(`is never split within a character that has arrived: ${sample.slice(0, 10)}`, () => {
      const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
      fc.assert(
        fc.property(arrivalsOf(sample), (arrivals) => {
          let length = 0;
          for (const { atMs, lines } of simulate(arrivals)) {
            length += joined(lines).length;
            const arrived =
              arrivedBy(arrivals).findLast((arrival) => arrival.atMs <= atMs)?.text ?? '';
            const starts = [...characters.segment(arrived)].map(({ index }) => index);
            expect([...starts, arrived.length]).toContain(length);
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it('flows evenly for bursts of ten words every 200 ms', () => {
    const words = Array.from({ length: 100 }, (_, index) => `word${index} `);
    const arrivals = Array.from({ length: 10 }, (_, burst) => ({
      afterMs: 200,
      lines: [text(words.slice(burst * 10, burst * 10 + 10).join(''))],
    }));
    const counts = simulate(arrivals)
      .filter(({ atMs }) => atMs > 1_000 && atMs <= 2_000)
      .map(({ lines }) => joined(lines).trim().split(' ').length);
    // Some text at almost every tick, and never a complete burst.
    expect(counts.length).toBeGreaterThanOrEqual(18);
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
  });

  it('is emitted in whole words, also in scripts without spaces', () => {
    for (const sample of SAMPLES.slice(0, 3)) {
      const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
      const points = [...sample.repeat(4)];
      const arrivals = points.map((value, index) => ({
        afterMs: index === 0 ? 0 : 15,
        lines: [text(value)],
      }));
      const completeText = points.join('');
      const starts = new Set([...segmenter.segment(completeText)].map(({ index }) => index));
      let length = 0;
      const emittedLengths = simulate(arrivals).map(
        ({ lines }) => (length += joined(lines).length),
      );
      const invalidCuts = emittedLengths
        .slice(1, -1)
        .filter((emittedLength) => !starts.has(emittedLength));
      // More text may move the word boundaries that the dictionary finds.
      expect(invalidCuts.length / emittedLengths.length).toBeLessThan(0.15);
    }
  });

  it('is not delayed if it arrives often', () => {
    const arrivals = Array.from({ length: 100 }, (_, index) => ({
      afterMs: 20,
      lines: [text(`w${index} `)],
    }));
    let arrived = 0;
    for (const { atMs, lines } of simulate(arrivals)) {
      arrived += joined(lines).length;
      const arrivedText = joined(
        arrivals.slice(0, Math.floor(atMs / 20)).flatMap((arrival) => arrival.lines),
      );
      expect(arrivedText.length - arrived).toBeLessThanOrEqual(4);
    }
  });

  it('is emitted immediately if it is the first, large, or the last', () => {
    const pacer = new Pacer();
    pacer.add([text('Hel')], 0);
    expect(joined(pacer.takeDue(0))).toBe('Hel');
    for (let at = 200; at <= 800; at += 200) pacer.add([text('lo some more words ')], at);
    pacer.takeDue(800);
    pacer.add([text('x '.repeat(2_000))], 810);
    expect(joined(pacer.takeDue(810)).length).toBeGreaterThan(4_000);
    pacer.add([text('and the end'), { code: 'd', value: {} }], 900);
    expect(pacer.takeDue(900).map(({ code }) => code)).toEqual(['0', 'd']);
    expect(pacer.hasPending).toBe(false);
  });

  it('is not overtaken by other parts', () => {
    const pacer = new Pacer();
    pacer.add([text('One ')], 0);
    pacer.takeDue(0);
    pacer.add([text('two three four five ')], 200);
    const call: Line = { code: '9', value: { toolCallId: 't' } };
    pacer.add([{ code: 'g', value: 'thinking' }, text('six'), call, text('seven')], 210);
    expect(pacer.takeDue(210).map(({ code }) => code)).toEqual(['0', 'g', '0', '9']);
    expect(joined(pacer.drain())).toBe('seven');
  });
});

describe('the end of a word', () => {
  it('is recognized by the next character', () => {
    expect(wordBoundary('one two thr', 1)).toBe(3);
    expect(wordBoundary('one two thr', 4)).toBe(4);
    expect(wordBoundary('one two thr', 5)).toBe(7);
    expect(wordBoundary('one two thr', 9)).toBe(8);
    expect(wordBoundary('one two.', 8)).toBe(8);
    expect(wordBoundary('half', 2)).toBe(0);
  });

  it('is never within an incomplete character', () => {
    expect(completeGraphemesLength('a👩\u200d')).toBe(1);
    expect(completeGraphemesLength('a👩‍👩\u200d')).toBe(1);
    expect(completeGraphemesLength('a🇩🇪🇫')).toBe('a🇩🇪'.length);
    expect(completeGraphemesLength('a🇩🇪')).toBe('a🇩🇪'.length);
    expect(completeGraphemesLength('a\ud83d')).toBe(1);
    expect(completeGraphemesLength('plain')).toBe(5);
  });
});
