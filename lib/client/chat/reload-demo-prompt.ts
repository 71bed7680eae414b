/** The prompt of the starter "Try to lose an answer". Its chat invites the user to reload. */
export const RELOAD_DEMO_PROMPT =
  'Tell me a long story, and I will reload this page in the middle.';
