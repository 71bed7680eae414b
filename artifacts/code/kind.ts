import { Code } from 'lucide-react';
import type { KindDefinition } from '@/artifacts/kind';

export const kind: KindDefinition = { name: 'Program', Icon: Code, diffMode: 'source' };
