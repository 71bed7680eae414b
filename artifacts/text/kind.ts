import { FileText } from 'lucide-react';
import type { Kind } from '@/artifacts/kind';

export const kind: Kind = { name: 'Document', Icon: FileText, comparedAs: 'prose' };
