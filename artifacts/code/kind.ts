import { Code } from 'lucide-react';
import type { Kind } from '@/artifacts/kind';

export const kind: Kind = { name: 'Program', Icon: Code, comparedAs: 'code' };
