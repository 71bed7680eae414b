import type { Formats } from '@/artifacts/kind';
import { asIs, type Format } from '@/lib/client/artifact/download';

const CSV: Format = { name: 'CSV', extension: 'csv', make: asIs };

export const formats: Formats = () => [CSV];
