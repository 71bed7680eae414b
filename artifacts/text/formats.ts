import type { ListFormats } from '@/artifacts/kind';
import { type DownloadFormat, unchanged } from '@/lib/client/artifact/download';

const TEXT_FORMATS: DownloadFormat[] = [
  { name: 'Markdown', extension: 'md', convert: unchanged },
  {
    name: 'HTML',
    extension: 'html',
    convert: async (content, title) =>
      (await import('@/lib/client/artifact/to-html')).markdownToHtmlPage(content, title),
  },
  {
    name: 'Word',
    extension: 'docx',
    convert: async (content, title) =>
      (await import('@/lib/client/artifact/to-docx')).markdownToDocx(content, title),
  },
];

export const formats: ListFormats = () => TEXT_FORMATS;
