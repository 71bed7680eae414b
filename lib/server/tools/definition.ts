import type { ToolSet } from 'ai';
import type { ToolContext } from '@/lib/server/tools/context';

/** `definition` of a tool's `server/tool.ts`. */
export type ToolDefinition = {
  /** For the system prompt: when to use it. Null if its description says enough. */
  instructions: string | null;
  /** These run one at a time: a page can follow only one document. */
  worksOnDocuments: boolean;
  create: (context: ToolContext) => ToolSet[string];
};
