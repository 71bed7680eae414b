import { guessLanguage } from '@/artifacts/code/guess-language';
import type { ListFormats } from '@/artifacts/kind';
import { unchanged } from '@/lib/client/documents/download';
import { normalizeLanguageName, resolveLanguage } from '@/lib/client/markdown/languages';

export const formats: ListFormats = ({ language, title }, content) => {
  const extension = fileExtension(language ?? guessLanguage(title, content));
  return [{ name: `.${extension}`, extension, convert: unchanged }];
};

/** Extensions that differ from the name of the language. */
const EXTENSIONS: Record<string, string> = {
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
};

function fileExtension(language: string): string {
  const name = normalizeLanguageName(language);
  const extension = EXTENSIONS[name] ?? resolveLanguage(name);
  return extension ? (EXTENSIONS[extension] ?? extension) : 'txt';
}
