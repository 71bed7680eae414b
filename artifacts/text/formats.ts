import type { ListFormats } from '@/artifacts/kind';
import { type DownloadFormat, unchanged } from '@/lib/client/documents/download';

const TEXT_FORMATS: DownloadFormat[] = [
  { name: 'Markdown', extension: 'md', convert: unchanged },
  {
    name: 'HTML',
    extension: 'html',
    convert: async (content, title) =>
      (await import('@/artifacts/text/export/markdown-to-html-page')).markdownToHtmlPage(
        content,
        title,
      ),
  },
  {
    name: 'Word',
    extension: 'docx',
    convert: async (content, title) =>
      (await import('@/artifacts/text/export/markdown-to-docx')).markdownToDocx(content, title),
  },
];

export const formats: ListFormats = () => TEXT_FORMATS;
