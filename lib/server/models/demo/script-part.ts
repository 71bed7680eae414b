/** A part of an answer: text, reasoning or a tool call. */
export type ScriptPart =
  | { kind: 'text' | 'reasoning'; text: string }
  | { kind: 'call'; name: string; args: object };
