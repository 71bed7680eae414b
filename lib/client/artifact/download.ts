/** Documents as files. What makes a format is loaded when it is chosen. */
import { guessLanguage } from '@/lib/client/markdown/guess-language';
import { languageOf } from '@/lib/client/markdown/languages';
import type { ArtifactKind } from '@/lib/protocol/events';

export type Downloadable = { title: string; kind: ArtifactKind; language: string | null };

export type Format = {
  /** What a person reads. */
  name: string;
  extension: string;
  /** The file's content. */
  make: (content: string, title: string) => Promise<BlobPart>;
};

const asIs = async (content: string) => content;

const TEXT_FORMATS: Format[] = [
  { name: 'Markdown', extension: 'md', make: asIs },
  {
    name: 'HTML',
    extension: 'html',
    make: async (content, title) =>
      (await import('@/lib/client/artifact/to-html')).toHtml(content, title),
  },
  {
    name: 'Word',
    extension: 'docx',
    make: async (content, title) =>
      (await import('@/lib/client/artifact/to-docx')).toDocx(content, title),
  },
];

const CSV: Format = { name: 'CSV', extension: 'csv', make: asIs };

/** The formats that a document can be downloaded in. */
export function formatsOf({ kind, language, title }: Downloadable, content: string): Format[] {
  if (kind === 'text') return TEXT_FORMATS;
  if (kind === 'sheet') return [CSV];
  const extension = extensionOf(language ?? guessLanguage(title, content));
  return [{ name: `.${extension}`, extension, make: asIs }];
}

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
  const name = language.toLowerCase();
  const known = EXTENSIONS[name] ?? languageOf(name);
  return known ? (EXTENSIONS[known] ?? known) : 'txt';
}

/** The title as a file's name, in any script, without what a file system might not take. */
export function fileName(title: string, extension: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const bare = title.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, ' ').replace(/\s+/g, ' ');
  const name =
    bare
      .trim()
      .replace(/^\.+|\.+$/g, '')
      .slice(0, 100)
      .trim() || 'document';
  return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}

/** Hands the document to the browser as a file. */
export async function downloadDocument(
  { title }: Downloadable,
  { extension, make }: Format,
  content: string,
): Promise<void> {
  const url = URL.createObjectURL(new Blob([await make(content, title)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(title, extension);
  link.click();
  // Firefox reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
