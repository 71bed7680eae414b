import { characterEntities } from 'character-entities';
import { setCharacterEntities } from '@/lib/client/browser/stubs/decode-named-character-reference';

/**
 * Converts texts off the main thread: a long text takes seconds. Responds to each ExportRequest
 * with an ExportResponse.
 */
export type ExportRequest = { id: number; format: 'html' | 'docx'; text: string; title: string };
/** `file` is null if the conversion failed. */
export type ExportResponse = { id: number; file: string | Blob | null };

// The Markdown parser decodes them with the DOM, which a worker does not have.
setCharacterEntities(characterEntities);

self.addEventListener('message', async ({ data }: MessageEvent<ExportRequest>) => {
  let file: string | Blob | null = null;
  try {
    file = await convert(data);
  } catch {
    // Reported as `file: null`.
  }
  self.postMessage({ id: data.id, file } satisfies ExportResponse);
});

/** Loads only the converter of this format. */
async function convert({ format, text, title }: ExportRequest): Promise<string | Blob> {
  if (format === 'html') {
    const { markdownToHtmlPage } = await import('@/artifacts/text/export/markdown-to-html-page');
    return markdownToHtmlPage(text, title);
  }
  const { markdownToDocx } = await import('@/artifacts/text/export/markdown-to-docx');
  return await markdownToDocx(text, title);
}
