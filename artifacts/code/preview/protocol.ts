/** What the page and the frame of a preview say to one another. Pure: both ends import it. */
import { normalizeLanguageName } from '@/lib/client/markdown/languages';

export type PreviewKind = 'html' | 'svg' | 'mermaid';

export type PreviewRequest = {
  kind: PreviewKind;
  code: string;
  /** Whether the page is in its dark theme: diagrams follow it. */
  dark: boolean;
  /** Mermaid itself, where a diagram is to be drawn; otherwise empty. */
  script: string;
};

export const BLOCKED_MESSAGES = {
  network: 'Something from the network is missing here: a preview loads nothing.',
  storage: 'This page stores data in the browser: in a preview nothing of it is kept.',
  link: 'Links lead nowhere in a preview. Download the page to follow them.',
  download: 'Nothing can be saved from a preview. Download the page itself to do that.',
  permission:
    'The page asked for something that a preview does not allow, such as the clipboard or full screen.',
  form: 'Forms are not sent in a preview.',
  dialog: 'Dialogs and new windows do not open in a preview.',
  frame: 'Frames in the page are left out of a preview.',
} as const;

/** What a page in a preview cannot have. */
export type BlockedFeature = keyof typeof BLOCKED_MESSAGES;

/** What the user's pointer does in the frame: it moves there, or has pressed what may have the focus. */
export type PointerReport = 'near' | 'pressed';

export type PreviewEvent =
  | { type: 'shown' }
  /** Something was asked for that there is not in a preview; told once. */
  | { type: 'blocked'; feature: BlockedFeature }
  /** A script of the page has ended with an error. */
  | { type: 'error'; message: string }
  | { type: 'failed'; message: string }
  | { type: 'pointer'; report: PointerReport }
  /** The answer to a call. */
  | { type: 'alive' };

/** What is shown of an error's message. */
export const MAX_MESSAGE_CHARS = 500;
/** Mermaid's own limits: beyond them it draws nothing. */
export const MAX_DIAGRAM_CHARS = 50_000;
const MAX_DIAGRAM_EDGES = 500;

/** Why a program cannot be shown at all, as a sentence for the user; null where it can. */
export function tooLongMessage(kind: PreviewKind, code: string): string | null {
  if (kind !== 'mermaid' || code.length <= MAX_DIAGRAM_CHARS) return null;
  const [length, limit] = [code.length, MAX_DIAGRAM_CHARS].map((count) => count.toLocaleString());
  return `This diagram is too long to draw: it has ${length} characters, and the limit is ${limit}.`;
}

/** What a parser or renderer says, without what helps no user: advice for programmers, expected tokens. */
export function simplifyErrorMessage(message: string): string {
  if (message.startsWith('Edge limit exceeded')) {
    return `It has too many connections: the limit is ${MAX_DIAGRAM_EDGES}.`;
  }
  return message.replace(/\nExpecting [\s\S]*$/, '');
}

// Each comment ends in one way only: what could be read in many ways would be tried in all of them.
const MERMAID_START =
  /^\s*(?:---[\s\S]*?---\s*)?(?:%%.*\n\s*)*(?:graph|flowchart|sequenceDiagram|classDiagram|stateDiagram(?:-v2)?|erDiagram|gantt|pie|journey|gitGraph|mindmap|timeline|quadrantChart|sankey-beta|xychart-beta|block-beta|kanban|architecture-beta|C4Context)\b/;
const SVG_START =
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]/i;

/**
 * As what a program can be looked at, or null.
 * @param language as the model named it, or as it was guessed; may be empty
 */
export function previewKindOf(language: string, code: string): PreviewKind | null {
  const name = normalizeLanguageName(language);
  if (name === 'html' || name === 'htm' || name === 'xhtml') return 'html';
  if (name === 'svg') return 'svg';
  if (name === 'mermaid' || name === 'mmd') return 'mermaid';
  const beginning = code.slice(0, 2_000);
  if ((name === 'xml' || name === '') && SVG_START.test(beginning)) return 'svg';
  return name === '' && MERMAID_START.test(beginning) ? 'mermaid' : null;
}
