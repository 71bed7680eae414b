/** Documents as files. What makes a format is loaded when it is chosen. */
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export type DownloadableDocument = { title: string; kind: ArtifactKind; language: string | null };

export type DownloadFormat = {
  /** What a person reads. */
  name: string;
  extension: string;
  /** What the file differs in from the document, in a sentence. */
  note?: string;
  /** The file's content. */
  convert: (content: string, title: string) => Promise<BlobPart>;
};

/** For formats that a document is in already. */
export const unchanged = async (content: string) => content;

/**
 * What file systems might not take, and what turns a name's direction or is not seen in it: by these a
 * name could show another ending than it has.
 */
const UNSAFE_FILENAME_CHARS = /[\p{Cc}<>:"/\\|?*\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff]+/gu;
/** Devices of Windows, whatever their ending. */
const RESERVED_WINDOWS_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Room for the ending in the 255 bytes that file systems give a name. */
const MAX_NAME_BYTES = 200;

/** The title as a file's name, in any script, without what a file system might not take. */
export function downloadFileName(title: string, extension: string): string {
  const sanitized = title.toWellFormed().replace(UNSAFE_FILENAME_CHARS, ' ').replace(/\s+/g, ' ');
  let name = trimDots([...sanitized].slice(0, 100).join(''));
  while (new Blob([name]).size > MAX_NAME_BYTES) name = trimDots([...name].slice(0, -1).join(''));
  name = name.replace(RESERVED_WINDOWS_NAME, '$&_') || 'document';
  return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}

function trimDots(name: string): string {
  return name
    .trim()
    .replace(/^\.+|\.+$/g, '')
    .trim();
}

/** Hands the document to the browser as a file. */
export async function downloadDocument(
  { title }: DownloadableDocument,
  { extension, convert }: DownloadFormat,
  content: string,
): Promise<void> {
  const url = URL.createObjectURL(new Blob([await convert(content, title)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = downloadFileName(title, extension);
  link.click();
  // Firefox reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
