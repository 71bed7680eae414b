import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import type { Suggestion } from '@/lib/protocol/stream-events';

/**
 * Props of a kind's view. A view renders the content and reports edits; it neither loads nor saves.
 */
export type ArtifactViewProps = {
  documentId: string;
  title: string;
  kind: ArtifactKind;
  /** Language of a program, as the model named it. */
  language: string | null;
  /**
   * While streaming: the content so far, which grows about every 100 ms. While editing: the initial
   * content; later changes of this prop are the user's own edits and must be ignored (another
   * version gets another React key). While reading: the whole content.
   */
  content: string;
  mode: 'streaming' | 'editing' | 'reading';
  /**
   * Reports a user edit. Called at every change. `getContent` returns the content at the time of
   * the call; it may be as expensive as serializing the document, so it is called only to save.
   */
  onEdit: (getContent: () => string) => void;
  /** Open suggestions of the model; empty if the kind supports none. */
  suggestions: readonly Suggestion[];
  /** The user applied or dismissed a suggestion. Applying is an edit too, which the view makes. */
  onResolveSuggestion: (id: string, status: 'applied' | 'dismissed') => void;
  /**
   * The user asks to change the selected text: the chat asks what to change and sends it.
   * `location` is a readable location, if the text alone does not identify it.
   */
  onAskForChange: (selected: string, location?: string) => void;
};
