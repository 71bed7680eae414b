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

/**
 * What file systems might not take, and what turns a name's direction or is not seen in it: by these a
 * name could show another ending than it has.
 */
const UNFIT = /[\p{Cc}<>:"/\\|?*\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff]+/gu;
/** Devices of Windows, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Room for the ending in the 255 bytes that file systems give a name. */
const MAX_NAME_BYTES = 200;

/** The title as a file's name, in any script, without what a file system might not take. */
export function fileName(title: string, extension: string): string {
  const bare = title.toWellFormed().replace(UNFIT, ' ').replace(/\s+/g, ' ');
  let name = trimmed([...bare].slice(0, 100).join(''));
  while (new Blob([name]).size > MAX_NAME_BYTES) name = trimmed([...name].slice(0, -1).join(''));
  name = name.replace(DEVICE, '$&_') || 'document';
  return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}

function trimmed(name: string): string {
  return name
    .trim()
    .replace(/^\.+|\.+$/g, '')
    .trim();
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
