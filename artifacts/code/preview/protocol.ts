/** What the page and the frame of a preview say to one another. Pure: both ends import it. */

export type PreviewKind = 'html' | 'svg' | 'mermaid';

export type PreviewRequest = {
  kind: PreviewKind;
  code: string;
  /** Whether the page is in its dark theme: diagrams follow it. */
  dark: boolean;
  /** Mermaid itself, where a diagram is to be drawn; otherwise empty. */
  script: string;
};

export type PreviewEvent =
  | { type: 'shown' }
  /** Something was asked for that the policy does not let in. */
  | { type: 'blocked' }
  | { type: 'failed'; message: string }
  /** The answer to a call. */
  | { type: 'alive' };

const DIAGRAM =
  /^\s*(?:---[\s\S]*?---\s*)?(?:%%.*\s*)*(?:graph|flowchart|sequenceDiagram|classDiagram|stateDiagram(?:-v2)?|erDiagram|gantt|pie|journey|gitGraph|mindmap|timeline|quadrantChart|sankey-beta|xychart-beta|block-beta|kanban|architecture-beta|C4Context)\b/;
const PICTURE =
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/i;

/**
 * As what a program can be looked at, or null.
 * @param language as the model named it, or as it was guessed; may be empty
 */
export function previewOf(language: string, code: string): PreviewKind | null {
  const name = language.toLowerCase();
  if (name === 'html' || name === 'htm' || name === 'xhtml') return 'html';
  if (name === 'svg') return 'svg';
  if (name === 'mermaid' || name === 'mmd') return 'mermaid';
  const head = code.slice(0, 2_000);
  if ((name === 'xml' || name === '') && PICTURE.test(head)) return 'svg';
  return name === '' && DIAGRAM.test(head) ? 'mermaid' : null;
}
