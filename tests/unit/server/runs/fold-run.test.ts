import { describe, expect, it } from 'vitest';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatLine, splitLines } from '@/lib/protocol/lines';
import { foldRun } from '@/lib/server/runs/fold-run';

const call = (toolCallId: string, toolName = 'createDocument') =>
  formatLine('9', { toolCallId, toolName, args: { title: 'Plan' } });
const documentEvents = (toolCallId: string) =>
  [
    { type: 'kind', content: 'text' },
    { type: 'id', content: `id of ${toolCallId}` },
    { type: 'title', content: 'Plan' },
    { type: 'clear', content: toolCallId },
    { type: 'text-delta', content: 'some' },
  ].map((event) => formatLine('2', [event]));
const FINISH = formatLine('2', [{ type: 'finish', content: '' }]);
const about = (toolCallId: string) => ({
  ...{ id: `id of ${toolCallId}`, title: 'Plan', kind: 'text', writing: `run:${toolCallId}` },
});

const resultsIn = (lines: string) => splitLines(lines).map((line) => JSON.parse(line.slice(2)));

describe('a run that ends during a tool call', () => {
  it.each([
    ['stopped', 'The writing was stopped.'],
    ['interrupted', 'The writing was interrupted.'],
    ['failed', 'The writing was cut off.'],
  ] as const)('(%s) records the state of the document', (status, reason) => {
    const lines = [call('a'), ...documentEvents('a')];
    const { closingLines, parts, documents } = foldRun('run', lines, status);
    const error = `${reason} What was written until then is kept.`;
    const result = { ...about('a'), error, ...(status === 'stopped' && { stopped: true }) };
    expect(resultsIn(closingLines)).toEqual([{ toolCallId: 'a', result }]);
    expect(parts).toMatchObject([{ toolInvocation: { toolCallId: 'a', state: 'result', result } }]);
    expect(documents).toMatchObject([{ content: 'some', complete: false }]);
    // The stored parts equal the delivered ones.
    expect(parts).toEqual(foldLines([...lines, ...splitLines(closingLines)]).parts);
  });

  it('leaves finished calls, complete documents and calls without a document unchanged', () => {
    const lines = [
      ...[
        call('a'),
        ...documentEvents('a'),
        FINISH,
        formatLine('a', { toolCallId: 'a', result: 1 }),
      ],
      ...[call('b'), ...documentEvents('b'), FINISH],
      ...[call('c'), call('d', 'getWeather')],
    ];
    const { closingLines } = foldRun('run', lines, 'stopped');
    const result = { ...about('b'), content: 'It is written.' };
    expect(resultsIn(closingLines)).toEqual([{ toolCallId: 'b', result }]);
  });

  it('adds nothing to an answer without documents', () => {
    const lines = [formatLine('0', 'Hello'), call('a', 'getWeather')];
    const { closingLines, parts } = foldRun('run', lines, 'stopped');
    expect(closingLines).toBe('');
    expect(parts).toEqual(foldLines(lines).parts);
  });
});
