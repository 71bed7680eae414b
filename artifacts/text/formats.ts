import type { Formats } from '@/artifacts/kind';
import { asIs, type Format } from '@/lib/client/artifact/download';

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

export const formats: Formats = () => TEXT_FORMATS;
