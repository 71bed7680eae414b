import { describe, expect, it, vi } from 'vitest';
import { applyEvents, createArtifactStore, NO_ARTIFACT } from '@/lib/client/chat/artifact';
import type { StreamEvent } from '@/lib/protocol/events';

const START: StreamEvent[] = [
  { type: 'kind', content: 'code' },
  { type: 'id', content: 'd1' },
  { type: 'title', content: 'Plan' },
  { type: 'clear', content: '' },
];
const FINISH: StreamEvent = { type: 'finish', content: '' };
const delta = (content: string): StreamEvent => ({ type: 'code-delta', content });

describe('a document in the stream', () => {
  it('opens when it starts and is written as it comes', () => {
    const state = applyEvents(NO_ARTIFACT, [...START, delta('const a'), delta(' = 1;')]);
    expect(state.artifact).toEqual({
      id: 'd1',
      title: 'Plan',
      kind: 'code',
      content: 'const a = 1;',
      status: 'streaming',
      visible: true,
    });
    expect(applyEvents(state, [FINISH]).artifact).toMatchObject({ status: 'idle', visible: true });
  });

  it('that was finished before it arrived does not open by itself', () => {
    expect(applyEvents(NO_ARTIFACT, [...START, delta('x'), FINISH]).artifact).toMatchObject({
      content: 'x',
      visible: false,
    });
  });

  it('stays closed when the person closes it while it is written', () => {
    const store = createArtifactStore();
    store.apply(START);
    store.close();
    store.apply([delta('more')]);
    expect(store.get()).toMatchObject({ content: 'more', visible: false });
  });

  it('is replaced by the next one', () => {
    const first = applyEvents(NO_ARTIFACT, [...START, delta('old')]);
    expect(applyEvents(first, [{ type: 'id', content: 'd2' }]).artifact).toMatchObject({
      id: 'd2',
      content: '',
    });
  });

  it('is not touched by stray pieces, nor by events that are none of its own', () => {
    expect(applyEvents(NO_ARTIFACT, [delta('x'), FINISH])).toBe(NO_ARTIFACT);
    const idle = applyEvents(NO_ARTIFACT, [...START, FINISH]);
    expect(applyEvents(idle, [delta('late'), { type: 'title-updated', content: 't' }])).toBe(idle);
  });

  it('loses none of its last pieces, which may arrive after the end of the stream', () => {
    const store = createArtifactStore();
    store.apply([...START, delta('the beginning')]);
    store.settle();
    store.apply([delta(' and the end'), FINISH]);
    expect(store.get()).toMatchObject({ content: 'the beginning and the end', status: 'idle' });
  });

  it('that was opened from the server meanwhile takes no pieces', () => {
    const store = createArtifactStore();
    store.apply([...START, delta('written')]);
    const other = { id: 'd2', title: 'Other', kind: 'text', content: '', visible: true } as const;
    store.set({ ...other, status: 'loading' });
    store.set({ ...other, content: 'whole', status: 'idle' });
    store.apply([delta(' more')]);
    const again = { ...other, id: 'd1' };
    store.set({ ...again, status: 'loading' });
    store.set({ ...again, content: 'written more', status: 'idle' });
    store.apply([delta(' more'), FINISH]);
    expect(store.get()?.content).toBe('written more');
  });

  it('counts as written once the stream is over', () => {
    const store = createArtifactStore();
    const listener = vi.fn();
    store.subscribe(listener);
    store.apply(START);
    store.settle();
    store.settle();
    expect(store.get()?.status).toBe('idle');
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
