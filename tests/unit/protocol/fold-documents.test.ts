import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '@/lib/protocol/events';
import { foldDocuments } from '@/lib/protocol/fold-documents';
import { formatLine } from '@/lib/protocol/lines';

const line = (...events: StreamEvent[]) => formatLine('2', events);

describe('the documents of a run', () => {
  it('hold all that was shown of them, finished or not', () => {
    const lines = [
      formatLine('0', 'I write.'),
      line({ type: 'kind', content: 'text' }, { type: 'id', content: 'one' }),
      line({ type: 'clear', content: '' }, { type: 'text-delta', content: 'a ' }),
      line({ type: 'title-updated', content: 'Writing' }),
      line({ type: 'text-delta', content: 'b' }),
      line({ type: 'finish', content: '' }),
      line({ type: 'kind', content: 'code' }, { type: 'id', content: 'two' }),
      line({ type: 'code-delta', content: 'x =' }),
    ];
    expect(foldDocuments(lines)).toEqual([
      { id: 'one', content: 'a b' },
      { id: 'two', content: 'x =' },
    ]);
  });

  it('begin anew where they were cleared', () => {
    const lines = [
      line({ type: 'id', content: 'one' }, { type: 'text-delta', content: 'old' }),
      line({ type: 'id', content: 'one' }, { type: 'clear', content: '' }),
      line({ type: 'text-delta', content: 'new' }),
    ];
    expect(foldDocuments(lines)).toEqual([{ id: 'one', content: 'new' }]);
  });

  it('are none where nobody wrote one', () => {
    expect(foldDocuments([formatLine('0', 'Hello.'), '2:nonsense', '2:{"no":"list"}'])).toEqual([]);
  });
});
