/** Grammars and names of languages. Each grammar is a separate chunk, loaded on first use. */
import { LanguageDescription, type LanguageSupport } from '@codemirror/language';
import { languages } from '@codemirror/language-data';
import { normalizeLanguageName, resolveLanguage } from '@/lib/client/markdown/languages';

/**
 * Languages that CodeMirror lists under a different name. A Map, because a model may name a language
 * "constructor".
 */
const CODEMIRROR_NAMES = new Map([
  ['docker', 'Dockerfile'],
  ['svg', 'XML'],
  ['vue', 'Vue'],
]);

/**
 * @param name as the model named it or as it was guessed; may be empty
 * @returns null if there is no grammar or it could not be loaded
 */
export async function loadLanguageSupport(name: string): Promise<LanguageSupport | null> {
  const normalized = normalizeLanguageName(name);
  const resolvedName = resolveLanguage(normalized) ?? normalized;
  if (!resolvedName) return null;
  const loading =
    resolvedName === 'markdown'
      ? import('./markdown-grammar').then(({ boundedMarkdown }) => boundedMarkdown())
      : LanguageDescription.matchLanguageName(
          languages,
          CODEMIRROR_NAMES.get(resolvedName) ?? resolvedName,
          false,
        )?.load();
  return (await loading?.catch(() => null)) ?? null;
}

/** Returns the display name of a language. */
export function languageLabel(name: string): string {
  const resolvedName = resolveLanguage(name) ?? name;
  const description = LanguageDescription.matchLanguageName(
    languages,
    CODEMIRROR_NAMES.get(resolvedName) ?? resolvedName,
    false,
  );
  return description?.name ?? LANGUAGE_LABELS.get(resolvedName) ?? (name || 'Plain text');
}

const LANGUAGE_LABELS = new Map([
  ['mermaid', 'Mermaid'],
  ['svelte', 'Svelte'],
  ['zig', 'Zig'],
]);
