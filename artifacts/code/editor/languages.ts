/** What the editor knows of a language, loaded when it first occurs: a grammar is a file of its own. */
import { LanguageDescription, type LanguageSupport } from '@codemirror/language';
import { languages } from '@codemirror/language-data';
import { normalizeLanguageName, resolveLanguage } from '@/lib/client/markdown/languages';

/** Where the editor's grammars go by another name. */
const CODEMIRROR_NAMES: Record<string, string> = { docker: 'Dockerfile', svg: 'XML', vue: 'Vue' };

/**
 * @param name as the model named it, or as it was guessed; may be empty
 * @returns null where there is no grammar, or it could not be loaded
 */
export async function loadLanguageSupport(name: string): Promise<LanguageSupport | null> {
  const normalized = normalizeLanguageName(name);
  const known = resolveLanguage(normalized) ?? normalized;
  if (!known) return null;
  const loading =
    known === 'markdown'
      ? import('./markdown-grammar').then(({ boundedMarkdown }) => boundedMarkdown())
      : LanguageDescription.matchLanguageName(
          languages,
          CODEMIRROR_NAMES[known] ?? known,
          false,
        )?.load();
  return (await loading?.catch(() => null)) ?? null;
}

/** The name of a language as people write it. */
export function languageLabel(name: string): string {
  const known = resolveLanguage(name) ?? name;
  const found = LanguageDescription.matchLanguageName(
    languages,
    CODEMIRROR_NAMES[known] ?? known,
    false,
  );
  return found?.name ?? LANGUAGE_LABELS[known] ?? (name || 'Plain text');
}

const LANGUAGE_LABELS: Record<string, string> = {
  mermaid: 'Mermaid',
  svelte: 'Svelte',
  zig: 'Zig',
};
