import { describe, expect, it, vi } from 'vitest';
import { createDocumentStore } from '@/lib/client/documents/document-store';
import type { StreamEvent } from '@/lib/protocol/stream-events';

const start = (id = 'd1', call = 'call1', base?: number): StreamEvent[] => [
  { type: 'kind', content: 'code' },
  { type: 'language', content: 'python' },
  { type: 'id', content: id },
  { type: 'title', content: 'Plan' },
  { type: 'clear', content: call, ...(base && { baseVersion: base }) },
];
const finish = (version = '1'): StreamEvent => ({ type: 'finish', content: version });
const delta = (content: string): StreamEvent => ({ type: 'code-delta', content });

describe('a streamed document', () => {
  it('opens at its start event and grows with its deltas', () => {
    const store = createDocumentStore();
    store.apply([...start(), delta('const a'), delta(' = 1;')]);
    expect(store.getState().streamed).toEqual({
      writingId: 'call1',
      id: 'd1',
      title: 'Plan',
      kind: 'code',
      language: 'python',
      content: 'const a = 1;',
      status: 'streaming',
      baseVersion: null,
      version: 0,
      error: null,
    });
    expect(store.getState().open).toMatchObject({ id: 'd1', version: null, isPanelOpen: true });
    store.apply([finish('3')]);
    expect(store.getState().streamed).toMatchObject({ status: 'finished', version: 3 });
    expect(store.getState().open?.isPanelOpen).toBe(true);
  });

  it('that was finished before it was received opens only if it is new', () => {
    const store = createDocumentStore();
    store.apply([...start(), delta('x'), finish()]);
    expect(store.getState()).toMatchObject({
      open: null,
      streamed: { content: 'x', status: 'finished' },
    });
    store.apply([...start('d2', 'call2'), delta('y'), finish()], true);
    expect(store.getState().open).toMatchObject({ id: 'd2', version: null, isPanelOpen: true });
  });

  it('stays closed when the user closes it while it is streamed', () => {
    const store = createDocumentStore();
    store.apply(start());
    store.close();
    store.apply([delta('more')]);
    expect(store.getState()).toMatchObject({
      open: { isPanelOpen: false },
      streamed: { content: 'more' },
    });
    store.openStreamed('another call');
    expect(store.getState().open?.isPanelOpen).toBe(false);
    store.openStreamed('call1');
    expect(store.getState().open).toMatchObject({ id: 'd1', version: null, isPanelOpen: true });
  });

  it('is replaced by the next one, also by the same document again', () => {
    const store = createDocumentStore();
    store.apply([...start(), delta('old'), finish()]);
    store.apply(start('d1', 'call2', 7));
    expect(store.getState().streamed).toMatchObject({
      writingId: 'call2',
      id: 'd1',
      content: '',
      baseVersion: 7,
    });
    store.apply([...start('d2', 'call3'), delta('new')]);
    expect(store.getState().streamed).toMatchObject({ id: 'd2', content: 'new' });
  });

  it('that was interrupted is streamed again when its answer is followed again', () => {
    const store = createDocumentStore();
    store.apply([...start(), delta('one ')]);
    store.endStream();
    store.apply([delta('late ')]);
    expect(store.getState().streamed).toMatchObject({
      content: 'one late ',
      status: 'interrupted',
    });
    store.apply([...start(), delta('one ')]);
    expect(store.getState().streamed).toMatchObject({ content: 'one ', status: 'streaming' });
  });

  it('ignores stray deltas and events of other documents', () => {
    const store = createDocumentStore();
    const listener = vi.fn();
    store.subscribe(listener);
    store.apply([delta('x'), finish(), { type: 'title-updated', content: 't' }]);
    expect(listener).not.toHaveBeenCalled();
    store.apply([...start(), finish()]);
    const before = store.getState();
    store.apply([delta('late'), { type: 'title-updated', content: 't' }]);
    expect(store.getState()).toBe(before);
  });

  it('receives its last deltas even after the end of the stream', () => {
    const store = createDocumentStore();
    store.apply([...start(), delta('the beginning')]);
    store.endStream();
    expect(store.getState().streamed?.status).toBe('interrupted');
    store.apply([delta(' and the end'), finish()]);
    expect(store.getState().streamed).toMatchObject({
      content: 'the beginning and the end',
      status: 'finished',
      version: 1,
    });
  });

  it('reports why it was interrupted', () => {
    const store = createDocumentStore();
    store.apply([...start(), { type: 'error', content: 'The model failed.' }, finish('')]);
    expect(store.getState().streamed).toMatchObject({ error: 'The model failed.', version: 0 });
  });

  it('does not open if that is not allowed, and does not replace the open one', () => {
    const mayOpen = vi.fn(() => false);
    const store = createDocumentStore(mayOpen);
    store.openDocument('d2', 4);
    store.apply(start());
    expect(mayOpen).toHaveBeenCalledWith('d2');
    expect(store.getState().open).toMatchObject({ id: 'd2', version: 4, isPanelOpen: true });
    // A write of the open document does not call `mayOpen`.
    store.apply([finish(), ...start('d2', 'call2')]);
    expect(store.getState().open).toMatchObject({ id: 'd2', version: 4, isPanelOpen: true });
    expect(mayOpen).toHaveBeenCalledTimes(1);
  });
});
