import { FileText } from 'lucide-react';
import type { KindDefinition } from '@/artifacts/kind';

export const kind: KindDefinition = { name: 'Document', Icon: FileText, diffMode: 'prose' };
