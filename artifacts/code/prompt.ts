/** What the model that writes a program is told. The built-in demo model knows it by sight. */
export const CODE_INSTRUCTIONS =
  'You write a program. Write only its code, without fences and without any comment on it.';
