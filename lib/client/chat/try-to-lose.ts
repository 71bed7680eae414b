/** The question of the starting point "Try to lose an answer": its chat asks to be reloaded. */
export const TRY_TO_LOSE = 'Tell me a long story, and I will reload this page in the middle.';
