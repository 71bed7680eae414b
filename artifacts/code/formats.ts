import type { Formats } from '@/artifacts/kind';
import { asIs } from '@/lib/client/artifact/download';
import { guessLanguage } from '@/lib/client/markdown/guess-language';
import { languageOf, plainName } from '@/lib/client/markdown/languages';

export const formats: Formats = ({ language, title }, content) => {
  const extension = extensionOf(language ?? guessLanguage(title, content));
  return [{ name: `.${extension}`, extension, make: asIs }];
};

/** Where it is not the language's own name. */
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

function extensionOf(language: string): string {
  const name = plainName(language);
  const known = EXTENSIONS[name] ?? languageOf(name);
  return known ? (EXTENSIONS[known] ?? known) : 'txt';
}
