/** Documents as files. What makes a format is loaded when it is chosen. */
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export type Downloadable = { title: string; kind: ArtifactKind; language: string | null };

export type Format = {
  /** What a person reads. */
  name: string;
  extension: string;
  /** What the file differs in from the document, in a sentence. */
  note?: string;
  /** The file's content. */
  make: (content: string, title: string) => Promise<BlobPart>;
};

/** For formats that a document is in already. */
export const asIs = async (content: string) => content;

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
