import type { ToolSet } from 'ai';
import type { ToolContext } from '@/lib/server/tools/context';

/** What each tool's `server/tool.ts` exports as `definition`. */
export type ToolDefinition = {
  /** When to use the tool, for the system prompt; null if its description is enough. */
  instructions: string | null;
  /** Whether its calls run one at a time: the page can follow only one document at once. */
  worksOnDocuments: boolean;
  create: (context: ToolContext) => ToolSet[string];
};
