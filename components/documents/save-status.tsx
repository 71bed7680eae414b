import type { SaveState } from '@/lib/client/documents/autosave';

/** Whether what the person edits has arrived. Quiet as long as it does. */
export function SaveStatus({ save }: { save: SaveState }) {
  if (save.status === 'failed') {
    return (
      <p role="alert" className="basis-full px-1 pb-1.5 text-destructive-text">
        Not saved:{' '}
        {save.permanent ? save.message : 'the server cannot be reached, or cannot save now.'} Your
        edits are kept in this browser. {!save.permanent && 'It is tried again by itself.'}
      </p>
    );
  }
  // Not read out: it changes at every pause.
  return (
    <p role="status" aria-live="off" aria-label="Saving" className="px-1">
      {save.status === 'saved' ? 'Saved' : save.status === 'untouched' ? '' : 'Saving…'}
    </p>
  );
}
