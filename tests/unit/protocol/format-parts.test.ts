import { describe, expect, it } from 'vitest';
import { DeliveredState } from '@/lib/client/chat/stream/delivered-state';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatContinuation, formatParts, UNKNOWN_STEP_END } from '@/lib/protocol/format-parts';
import { formatLine, type Line, parseLine, splitLines } from '@/lib/protocol/lines';
import type { MessagePart } from '@/lib/protocol/messages';
import fc from '@/tests/support/fast-check';

const BEGIN = formatLine('f', { messageId: 'm' });
const text = fc.string({ unit: 'grapheme', minLength: 1 });
const line = fc.oneof(
  text.map((value) => formatLine('0', value)),
  text.map((value) => formatLine('g', value)),
  fc
    .record({ toolCallId: fc.uuid(), args: fc.jsonValue(), result: fc.option(fc.jsonValue()) })
    .map(({ toolCallId, args, result }) => {
      const call = formatLine('9', { toolCallId, toolName: 'getWeather', args: { args } });
      return result === null ? call : call + formatLine('a', { toolCallId, result: { result } });
    }),
  fc.webUrl().map((url) => formatLine('h', { sourceType: 'url', id: 's', url })),
);
const duration = fc
  .record({ type: fc.constant('thought'), index: fc.nat(3), ms: fc.nat(90_000) })
  .map((value) => formatLine('8', [value]));
/** Messages as runs produce them: folded steps. */
const parts = fc
  .tuple(
    fc.array(fc.array(line, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
    fc.array(duration, { maxLength: 3 }),
  )
  .map(([steps, durations]) => {
    const lines =
      steps.map((all) => BEGIN + all.join('')).join(UNKNOWN_STEP_END) + durations.join('');
    return foldLines(splitLines(lines)).parts;
  });

const usages = fc.constantFrom(null, { promptTokens: 3, completionTokens: null });

const folded = (lines: string): MessagePart[] => foldLines(splitLines(lines)).parts;

describe('a continued answer', () => {
  it('starts with the whole earlier message', () => {
    fc.assert(
      fc.property(parts, (before) => {
        expect(folded(formatParts(before, 'm'))).toEqual(before);
      }),
    );
  });

  it('is completed from any of its lines by the missing ones', () => {
    fc.assert(
      fc.property(parts, fc.nat(), (whole, cutPoint) => {
        const lines = splitLines(formatParts(whole, 'm'));
        const received = lines.slice(0, cutPoint % (lines.length + 1));
        // A step that has ended but not started again would be ended twice.
        fc.pre(!received.at(-1)?.startsWith('e:'));
        const delivered = new DeliveredState();
        for (const text of received) delivered.add(parseLine(text) as Line);
        const missing = splitLines(formatParts(whole, 'm', delivered));
        expect(foldLines([...received, ...missing]).parts).toEqual(whole);
        const isText = (text: string) => text.startsWith('0:') || text.startsWith('9:');
        expect([...received, ...missing].filter(isText)).toEqual(lines.filter(isText));
      }),
    );
  });

  it('keeps everything and grows by new parts', () => {
    fc.assert(
      fc.property(parts, text, usages, (before, more, usage) => {
        const lines = splitLines(formatContinuation(before, 'm', usage) + formatLine('0', more));
        const { parts: after, usage: foldedUsage } = foldLines(lines);
        expect(foldedUsage).toEqual(usage);
        const last = before.at(-1);
        if (last?.type === 'text') {
          expect(after).toEqual([...before.slice(0, -1), { type: 'text', text: last.text + more }]);
        } else {
          expect(after).toEqual([...before, { type: 'step-start' }, { type: 'text', text: more }]);
        }
      }),
    );
  });

  it('starts empty if nothing was stored', () => {
    expect(folded(formatContinuation([], 'm', null))).toEqual([
      { type: 'step-start' },
      { type: 'step-start' },
    ]);
  });
});
