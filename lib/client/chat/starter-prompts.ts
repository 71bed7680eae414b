import { RELOAD_DEMO_PROMPT } from '@/lib/client/chat/reload-demo-prompt';

/**
 * What the page of a new chat offers to begin with. Any model can do it, and the built-in demo truly
 * does it, without the internet: a test asks it for each.
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
