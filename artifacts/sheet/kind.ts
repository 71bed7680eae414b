import { Table2 } from 'lucide-react';
import type { KindDefinition } from '@/artifacts/kind';

export const kind: KindDefinition = { name: 'Table', Icon: Table2, diffMode: 'table' };
