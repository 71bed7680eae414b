/** What the model that writes a text is told. The built-in demo model knows it by sight. */
export const TEXT_INSTRUCTIONS =
  'You write a document in Markdown. Write only the document itself, without any comment.';
