import { RELOAD_DEMO_PROMPT } from '@/lib/client/chat/reload-demo-prompt';

/**
 * Prompts that a new chat offers. Any model can answer them, and so does the built-in demo model
 * without internet access: a test sends it each of them.
 */
export const STARTER_PROMPTS = [
  {
    kind: 'answer',
    label: 'Try to lose an answer',
    text: RELOAD_DEMO_PROMPT,
  },
  {
    kind: 'document',
    label: 'Write a packing list and edit it together',
    text: 'Write a packing list for a week of hiking, as a document.',
  },
  {
    kind: 'chart',
    label: 'Plot a small data set',
    text: 'Write a Python program that plots a small data set.',
  },
] as const;
