/** Messages between the app and the iframe of a preview. Pure: both ends import it. */
import { isSvg } from '@/artifacts/code/is-svg';
import { languageSample } from '@/artifacts/code/language-sample';
import { normalizeLanguageName } from '@/lib/client/markdown/languages';

export type PreviewKind = 'html' | 'svg' | 'mermaid';

export type PreviewRequest = {
  kind: PreviewKind;
  code: string;
  /** Whether the app uses the dark theme; diagrams follow it. */
  dark: boolean;
  /** The source of Mermaid for a diagram; otherwise empty. */
  script: string;
};

export const BLOCKED_MESSAGES = {
  network: 'A preview has no network access, so something is missing here.',
  storage: 'A preview doesn’t keep the data that this page stores in the browser.',
  link: 'Links don’t work in a preview. Download the page to follow them.',
  download: 'Downloads don’t work in a preview. Download the page to use them.',
  permission:
    'A preview doesn’t grant a permission that this page requested, such as clipboard or full screen.',
  form: 'Forms aren’t submitted in a preview.',
  dialog: 'Dialogs and new windows don’t open in a preview.',
  frame: 'Frames in the page aren’t shown in a preview.',
} as const;

/** A browser feature that pages in a preview cannot use. */
export type BlockedFeature = keyof typeof BLOCKED_MESSAGES;

/** Pointer input in the iframe: a movement, or a press that may move the focus. */
export type PointerReport = 'moved' | 'pressed';

export type PreviewEvent =
  | { type: 'shown' }
  /** The page tried to use a blocked feature; sent once per feature. */
  | { type: 'blocked'; feature: BlockedFeature }
  /** A script of the page threw an error. */
  | { type: 'error'; message: string }
  | { type: 'failed'; message: string }
  | { type: 'pointer'; report: PointerReport }
  /** The reply to a ping. */
  | { type: 'pong' };

/** Error messages are truncated to this length. */
export const MAX_MESSAGE_CHARS = 500;
/** Mermaid's own limits: it renders nothing above them. */
export const MAX_DIAGRAM_CHARS = 50_000;
const MAX_DIAGRAM_EDGES = 500;

/** Returns a user-readable message if the program is too long for a preview, else null. */
export function tooLongMessage(kind: PreviewKind, code: string): string | null {
  if (kind !== 'mermaid' || code.length <= MAX_DIAGRAM_CHARS) return null;
  const [length, limit] = [code.length, MAX_DIAGRAM_CHARS].map((count) =>
    count.toLocaleString('en'),
  );
  return `This diagram is too long to render: it has ${length} characters, and the limit is ${limit}.`;
}

/** Removes advice for developers and lists of expected tokens from a Mermaid error. */
export function simplifyErrorMessage(message: string): string {
  if (message.startsWith('Edge limit exceeded')) {
    return `It has too many connections: the limit is ${MAX_DIAGRAM_EDGES}.`;
  }
  return message.replace(/\nExpecting [\s\S]*$/, '');
}

// The pattern for comments is unambiguous, so that it cannot backtrack exponentially.
const MERMAID_START =
  /^\s*(?:---[\s\S]*?---\s*)?(?:%%.*\n\s*)*(?:graph|flowchart|sequenceDiagram|classDiagram|stateDiagram(?:-v2)?|erDiagram|gantt|pie|journey|gitGraph|mindmap|timeline|quadrantChart|sankey-beta|xychart-beta|block-beta|kanban|architecture-beta|C4Context)\b/;

/**
 * Returns the kind of preview for a program, or null if it has none.
 * @param language as the model named it or as it was guessed; may be empty
 */
export function previewKindOf(language: string, code: string): PreviewKind | null {
  const name = normalizeLanguageName(language);
  if (name === 'html' || name === 'htm' || name === 'xhtml') return 'html';
  if (name === 'svg') return 'svg';
  if (name === 'mermaid' || name === 'mmd') return 'mermaid';
  const sample = languageSample(code);
  if ((name === 'xml' || name === '') && isSvg(sample)) return 'svg';
  return name === '' && MERMAID_START.test(sample) ? 'mermaid' : null;
}
