/** The question of the starting point "Try to lose an answer": its chat asks to be reloaded. */
export const RELOAD_DEMO_PROMPT =
  'Tell me a long story, and I will reload this page in the middle.';
