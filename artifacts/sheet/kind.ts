import { Table2 } from 'lucide-react';
import type { Kind } from '@/artifacts/kind';

export const kind: Kind = { name: 'Table', Icon: Table2, comparedAs: 'table' };
