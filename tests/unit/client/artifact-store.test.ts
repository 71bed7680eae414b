import { describe, expect, it, vi } from 'vitest';
import { createArtifactStore } from '@/lib/client/artifact/store';
import type { StreamEvent } from '@/lib/protocol/events';

const start = (id = 'd1', call = 'call1', base?: number): StreamEvent[] => [
  { type: 'kind', content: 'code' },
  { type: 'language', content: 'python' },
  { type: 'id', content: id },
  { type: 'title', content: 'Plan' },
  { type: 'clear', content: call, ...(base && { baseVersion: base }) },
];
const finish = (version = '1'): StreamEvent => ({ type: 'finish', content: version });
const delta = (content: string): StreamEvent => ({ type: 'code-delta', content });

describe('a document in the stream', () => {
  it('opens when it starts and is written as it comes', () => {
    const store = createArtifactStore();
    store.apply([...start(), delta('const a'), delta(' = 1;')]);
    expect(store.get().writing).toEqual({
      id: 'call1',
      documentId: 'd1',
      title: 'Plan',
      kind: 'code',
      language: 'python',
      content: 'const a = 1;',
      status: 'streaming',
      baseVersion: null,
      version: 0,
      error: null,
    });
    expect(store.get().open).toMatchObject({ id: 'd1', version: null, visible: true });
    store.apply([finish('3')]);
    expect(store.get().writing).toMatchObject({ status: 'idle', version: 3 });
    expect(store.get().open?.visible).toBe(true);
  });

  it('that was finished before it arrived does not open by itself, unless it is news', () => {
    const store = createArtifactStore();
    store.apply([...start(), delta('x'), finish()]);
    expect(store.get()).toMatchObject({ open: null, writing: { content: 'x', status: 'idle' } });
    store.apply([...start('d2', 'call2'), delta('y'), finish()], true);
    expect(store.get().open).toMatchObject({ id: 'd2', version: null, visible: true });
  });

  it('stays closed when the person closes it while it is written', () => {
    const store = createArtifactStore();
    store.apply(start());
    store.close();
    store.apply([delta('more')]);
    expect(store.get()).toMatchObject({ open: { visible: false }, writing: { content: 'more' } });
    store.showWriting('another call');
    expect(store.get().open?.visible).toBe(false);
    store.showWriting('call1');
    expect(store.get().open).toMatchObject({ id: 'd1', version: null, visible: true });
  });

  it('is replaced by the next one, also where it is the same document once more', () => {
    const store = createArtifactStore();
    store.apply([...start(), delta('old'), finish()]);
    store.apply(start('d1', 'call2', 7));
    expect(store.get().writing).toMatchObject({
      id: 'call2',
      documentId: 'd1',
      content: '',
      baseVersion: 7,
    });
    store.apply([...start('d2', 'call3'), delta('new')]);
    expect(store.get().writing).toMatchObject({ documentId: 'd2', content: 'new' });
  });

  it('is not touched by stray pieces, nor by events that are none of its own', () => {
    const store = createArtifactStore();
    const listener = vi.fn();
    store.subscribe(listener);
    store.apply([delta('x'), finish(), { type: 'title-updated', content: 't' }]);
    expect(listener).not.toHaveBeenCalled();
    store.apply([...start(), finish()]);
    const before = store.get();
    store.apply([delta('late'), { type: 'title-updated', content: 't' }]);
    expect(store.get()).toBe(before);
  });

  it('loses none of its last pieces, which may arrive after the end of the stream', () => {
    const store = createArtifactStore();
    store.apply([...start(), delta('the beginning')]);
    store.settle();
    expect(store.get().writing?.status).toBe('idle');
    store.apply([delta(' and the end'), finish()]);
    expect(store.get().writing).toMatchObject({
      content: 'the beginning and the end',
      status: 'idle',
      version: 1,
    });
  });

  it('says why it broke off', () => {
    const store = createArtifactStore();
    store.apply([...start(), { type: 'error', content: 'The model failed.' }, finish('')]);
    expect(store.get().writing).toMatchObject({ error: 'The model failed.', version: 0 });
  });

  it('does not come into view where it must not, and takes nothing away there', () => {
    const mayOpen = vi.fn(() => false);
    const store = createArtifactStore(mayOpen);
    store.show('d2', 4);
    store.apply(start());
    expect(mayOpen).toHaveBeenCalledWith('d2');
    expect(store.get().open).toMatchObject({ id: 'd2', version: 4, visible: true });
    // The document that is in view sees for itself what is written of it.
    store.apply([finish(), ...start('d2', 'call2')]);
    expect(store.get().open).toMatchObject({ id: 'd2', version: 4, visible: true });
    expect(mayOpen).toHaveBeenCalledTimes(1);
  });
});
