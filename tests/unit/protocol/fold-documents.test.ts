import { describe, expect, it } from 'vitest';
import { foldDocuments } from '@/lib/protocol/fold-documents';
import { formatLine } from '@/lib/protocol/lines';
import type { StreamEvent } from '@/lib/protocol/stream-events';

const line = (...events: StreamEvent[]) => formatLine('2', events);

describe('the documents of a run', () => {
  it('contain everything that was delivered, finished or not', () => {
    const lines = [
      formatLine('0', 'I write.'),
      line({ type: 'kind', content: 'text' }, { type: 'language', content: '' }),
      line({ type: 'id', content: 'one' }, { type: 'title', content: 'One' }),
      line({ type: 'clear', content: 'call-1' }, { type: 'text-delta', content: 'a ' }),
      line({ type: 'title-updated', content: 'Writing' }),
      line({ type: 'text-delta', content: 'b' }),
      line({ type: 'finish', content: '1' }),
      line({ type: 'kind', content: 'code' }, { type: 'language', content: 'python' }),
      line({ type: 'id', content: 'two' }, { type: 'title', content: 'Two' }),
      line({ type: 'clear', content: 'call-2' }, { type: 'code-delta', content: 'x =' }),
    ];
    expect(foldDocuments(lines)).toEqual([
      {
        id: 'one',
        kind: 'text',
        language: null,
        title: 'One',
        writingId: 'call-1',
        baseVersion: null,
        content: 'a b',
        complete: true,
      },
      {
        id: 'two',
        kind: 'code',
        language: 'python',
        title: 'Two',
        writingId: 'call-2',
        baseVersion: null,
        content: 'x =',
        complete: false,
      },
    ]);
  });

  it('are separate for each write, also of the same document', () => {
    const lines = [
      line({ type: 'id', content: 'one' }, { type: 'clear', content: 'a' }),
      line({ type: 'text-delta', content: 'old' }, { type: 'finish', content: '1' }),
      line({ type: 'id', content: 'one' }, { type: 'clear', content: 'b', baseVersion: 1 }),
      line({ type: 'text-delta', content: 'new' }),
    ];
    expect(foldDocuments(lines)).toMatchObject([
      { id: 'one', writingId: 'a', baseVersion: null, content: 'old', complete: true },
      { id: 'one', writingId: 'b', baseVersion: 1, content: 'new', complete: false },
    ]);
  });

  it('are incomplete if their write failed, and later ones are not', () => {
    const lines = [
      line({ type: 'id', content: 'one' }, { type: 'clear', content: 'a' }),
      line({ type: 'text-delta', content: 'half' }, { type: 'error', content: 'It broke off.' }),
      line({ type: 'finish', content: '' }, { type: 'text-delta', content: 'of nobody' }),
      line({ type: 'error', content: 'Of nobody.' }),
      line({ type: 'id', content: 'two' }, { type: 'clear', content: 'b' }),
      line({ type: 'text-delta', content: 'all' }, { type: 'finish', content: '1' }),
    ];
    expect(foldDocuments(lines)).toMatchObject([
      { id: 'one', content: 'half', complete: false },
      { id: 'two', content: 'all', complete: true },
    ]);
  });

  it('are empty if nothing was written', () => {
    expect(foldDocuments([line({ type: 'id', content: 'one' }), 'not a line', '2:7'])).toEqual([]);
  });

  it('contain only the last attempt if a write started over', () => {
    const lines = [
      line({ type: 'kind', content: 'text' }, { type: 'id', content: 'one' }),
      line({ type: 'clear', content: 'call-1' }, { type: 'text-delta', content: '# T' }),
      line({ type: 'clear', content: 'call-1' }, { type: 'text-delta', content: '```md' }),
      line({ type: 'finish', content: '1' }),
    ];
    expect(foldDocuments(lines)).toMatchObject([{ id: 'one', content: '```md', complete: true }]);
  });
});
