import { describe, expect, it } from 'vitest';
import { languageLabel, loadLanguageSupport } from '@/artifacts/code/editor/languages';

describe('the label of a language', () => {
  it.each([
    ['py', 'Python'],
    ['svg', 'XML'],
    ['docker', 'Dockerfile'],
    ['mermaid', 'Mermaid'],
    ['klingon', 'klingon'],
    ['', 'Plain text'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
  ])('of %j is %j', (name, label) => {
    expect(languageLabel(name)).toBe(label);
  });
});

it.each(['', 'klingon', 'constructor', '__proto__'])('there is no grammar for %j', async (name) => {
  expect(await loadLanguageSupport(name)).toBeNull();
});
