import { guessLanguage } from '@/artifacts/code/guess-language';
import type { ListFormats } from '@/artifacts/kind';
import { unchanged } from '@/lib/client/documents/download';
import { normalizeLanguageName, resolveLanguage } from '@/lib/client/markdown/languages';

export const formats: ListFormats = ({ language, title }, content) => {
  const extension = fileExtension(language ?? guessLanguage(title, content));
  return [{ name: `.${extension}`, extension, convert: unchanged }];
};

/**
 * Extensions of languages, where they differ from what `resolveLanguage` returns: 'xml' for SVG and
 * nothing for Mermaid. A Map, because a model may name a language "constructor".
 */
const EXTENSIONS = new Map(
  Object.entries({
    bash: 'sh',
    csharp: 'cs',
    docker: 'dockerfile',
    elixir: 'ex',
    haskell: 'hs',
    hcl: 'tf',
    javascript: 'js',
    julia: 'jl',
    kotlin: 'kt',
    latex: 'tex',
    make: 'mk',
    markdown: 'md',
    mermaid: 'mmd',
    nginx: 'conf',
    perl: 'pl',
    powershell: 'ps1',
    python: 'py',
    ruby: 'rb',
    rust: 'rs',
    svg: 'svg',
    typescript: 'ts',
  }),
);

function fileExtension(languageName: string): string {
  const name = normalizeLanguageName(languageName);
  const knownExtension = EXTENSIONS.get(name);
  if (knownExtension) return knownExtension;
  const language = resolveLanguage(name);
  return language ? (EXTENSIONS.get(language) ?? language) : 'txt';
}
