/** What the editor knows of a language, loaded when it first occurs: a grammar is a file of its own. */
import { LanguageDescription, type LanguageSupport } from '@codemirror/language';
import { languages } from '@codemirror/language-data';
import { languageOf, plainName } from '@/lib/client/markdown/languages';

/** Where the editor's grammars go by another name. */
const NAMES: Record<string, string> = { docker: 'Dockerfile', svg: 'XML', vue: 'Vue' };

/**
 * @param name as the model named it, or as it was guessed; may be empty
 * @returns null where there is no grammar, or it could not be loaded
 */
export async function loadGrammar(name: string): Promise<LanguageSupport | null> {
  const wanted = plainName(name);
  const known = languageOf(wanted) ?? wanted;
  if (!known) return null;
  const loading =
    known === 'markdown'
      ? import('./markdown-grammar').then(({ boundedMarkdown }) => boundedMarkdown())
      : LanguageDescription.matchLanguageName(languages, NAMES[known] ?? known, false)?.load();
  return (await loading?.catch(() => null)) ?? null;
}

/** The name of a language as people write it. */
export function languageLabel(name: string): string {
  const known = languageOf(name) ?? name;
  const found = LanguageDescription.matchLanguageName(languages, NAMES[known] ?? known, false);
  return found?.name ?? LABELS[known] ?? (name || 'Plain text');
}

const LABELS: Record<string, string> = { mermaid: 'Mermaid', svelte: 'Svelte', zig: 'Zig' };
