import { describe, expect, it } from 'vitest';
import { groupModels } from '@/lib/client/models/model-groups';
import { resolveModelRef } from '@/lib/client/models/use-models';
import type { ModelInfo } from '@/lib/protocol/api';

function model(ref: string, endpoint = 'Kamiwaza'): ModelInfo {
  const capabilities = { tools: false, reasoning: false, vision: false };
  return { ref, name: `Name of ${ref}`, endpoint, demo: false, capabilities };
}

const models = [model('a'), model('b', 'gpu-box'), model('c')];
const list = { models, defaultRef: 'b', loaded: true };

describe('the model of a chat', () => {
  it('is the one that the chat last used', () => {
    expect(resolveModelRef(list, ['c', 'a'])).toBe('c');
  });
  it('is the last choice of the user in a new chat', () => {
    expect(resolveModelRef(list, [null, 'a'])).toBe('a');
  });
  it('is the default of the server without a choice or an available one', () => {
    expect(resolveModelRef(list, [null, null])).toBe('b');
    expect(resolveModelRef(list, ['gone', 'gone too'])).toBe('b');
  });
  it('is the first available one without a default', () => {
    expect(resolveModelRef({ ...list, defaultRef: 'gone' }, [null])).toBe('a');
  });
  it('is empty without models', () => {
    expect(resolveModelRef({ models: [], defaultRef: null, loaded: true }, ['a'])).toBeNull();
  });
  it('is assumed to be available before the list has loaded, so that a send does not wait', () => {
    const pending = { models: [], defaultRef: null, loaded: false };
    expect(resolveModelRef(pending, [null, 'x'])).toBe('x');
    expect(resolveModelRef(pending, [null, null])).toBeNull();
  });
});

describe('the list of models', () => {
  it('is grouped by endpoint in the order of the server', () => {
    const groups = groupModels(models, '');
    expect(groups.map((g) => [g.endpoint, g.models.map((m) => m.ref)])).toEqual([
      ['Kamiwaza', ['a', 'c']],
      ['gpu-box', ['b']],
    ]);
  });
  it('can be searched by words of name and endpoint, in any order and case', () => {
    expect(groupModels(models, ' KAMI  of c ').flatMap((g) => g.models)).toEqual([models[2]]);
    expect(groupModels(models, 'nothing like it')).toEqual([]);
  });
});
