/** Downloads documents as files. The converter of a format is loaded when it is chosen. */
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export type DownloadableDocument = { title: string; kind: ArtifactKind; language: string | null };

export type DownloadFormat = {
  /** Display name. */
  name: string;
  extension: string;
  /** How the file differs from the document, as a sentence for the user. */
  note?: string;
  /** Returns the file's content. */
  convert: (content: string, title: string) => Promise<BlobPart>;
};

/** For formats that need no conversion. */
export const unchanged = async (content: string) => content;

/**
 * Characters that some file systems reject, and ones that are invisible or change the text
 * direction: with those a name could display another extension than it has.
 */
const UNSAFE_FILENAME_CHARS = /[\p{Cc}<>:"/\\|?*\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff]+/gu;
/** Windows device names, with any extension. */
const RESERVED_WINDOWS_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Leaves room for the extension within the 255 bytes that file systems allow for a name. */
const MAX_NAME_BYTES = 200;

/** Converts a title in any script to a safe file name. */
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

/** Starts a browser download of the converted document. */
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
  // Firefox reads the URL asynchronously.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
