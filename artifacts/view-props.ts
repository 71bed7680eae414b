import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import type { Suggestion } from '@/lib/protocol/stream-events';

/**
 * What the panel gives the view of a kind. A view is told its content, and tells of changes; it
 * neither loads nor saves.
 */
export type ArtifactViewProps = {
  documentId: string;
  title: string;
  kind: ArtifactKind;
  /** The language of a program, as the model named it. */
  language: string | null;
  /**
   * While streaming, what has been written so far: it grows, in steps of a tenth of a second or so.
   * While editing, what the editor begins with: changes of it are the person's own, and to be
   * ignored (another version comes with another React key). While reading, all there is.
   */
  content: string;
  mode: 'streaming' | 'editing' | 'reading';
  /**
   * The person has changed the content. Called at every change; `read` gives the content as it is
   * then, and may cost as much as writing it all out, so it is called only when it is saved.
   */
  onEdit: (getContent: () => string) => void;
  /** Changes that the model proposes, open ones only; empty where the kind has none. */
  suggestions: readonly Suggestion[];
  /** The person has taken or dismissed one. Taking it is an edit, too: the view makes it. */
  onResolveSuggestion: (id: string, status: 'applied' | 'dismissed') => void;
  /**
   * The person wants the selected part changed: the chat asks what, and sends it. `place`: where it
   * is, in words, where the text alone does not tell.
   */
  onAskForChange: (selected: string, location?: string) => void;
};
