import type { ListFormats } from '@/artifacts/kind';
import { requestExport } from '@/artifacts/text/export/request-export';
import { type DownloadFormat, unchanged } from '@/lib/client/documents/download';

const TEXT_FORMATS: DownloadFormat[] = [
  { name: 'Markdown', extension: 'md', convert: unchanged },
  {
    name: 'HTML',
    extension: 'html',
    convert: (content, title) => requestExport('html', content, title),
  },
  {
    name: 'Word',
    extension: 'docx',
    convert: (content, title) => requestExport('docx', content, title),
  },
];

export const formats: ListFormats = () => TEXT_FORMATS;
