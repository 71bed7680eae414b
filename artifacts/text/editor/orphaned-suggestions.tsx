import type { EditorState } from 'prosemirror-state';
import { orphanedSuggestions } from '@/artifacts/text/editor/suggestions';
import { Button } from '@/components/ui/button';

type OrphanedSuggestionsProps = {
  state: EditorState;
  onDismiss: (id: string) => void;
};

/** Lists suggestions that can no longer be applied, since their text is not in the document. */
export function OrphanedSuggestions({ state, onDismiss }: OrphanedSuggestionsProps) {
  const orphaned = orphanedSuggestions(state);
  if (orphaned.length === 0) return null;
  const [what, them] =
    orphaned.length === 1
      ? ['1 suggestion no longer applies: its text was changed.', 'it']
      : [`${orphaned.length} suggestions no longer apply: their text was changed.`, 'them'];
  return (
    <div
      role="status"
      className="flex flex-wrap items-start gap-x-3 border-b px-5 py-1.5 text-muted-foreground text-sm"
    >
      <details className="min-w-0 flex-1 py-1">
        <summary className="cursor-pointer">{what}</summary>
        <ul className="max-h-40 overflow-y-auto py-1">
          {orphaned.map(({ id, originalText, suggestedText }) => (
            <li key={id} dir="auto" className="wrap-anywhere py-1">
              <del>{originalText}</del> <ins>{suggestedText || '(nothing)'}</ins>
            </li>
          ))}
        </ul>
      </details>
      <Button
        variant="ghost"
        size="sm"
        onClick={() => {
          for (const { id } of orphaned) onDismiss(id);
        }}
      >
        Dismiss {them}
      </Button>
    </div>
  );
}
