import type { SaveState } from '@/lib/client/documents/autosave';

/** The status of saving; prominent only after a failure. */
export function SaveStatus({ save }: { save: SaveState }) {
  if (save.status === 'failed') {
    return (
      <p role="alert" className="basis-full px-1 pb-1.5 text-destructive-text">
        Not saved:{' '}
        {save.permanent ? save.message : 'couldn’t reach the server, or it can’t save right now.'}{' '}
        Your edits are kept in this browser. {!save.permanent && 'Saving is retried automatically.'}
      </p>
    );
  }
  // Not announced by screen readers: it changes at every pause in typing.
  return (
    <p role="status" aria-live="off" aria-label="Saving" className="px-1">
      {save.status === 'saved' ? 'Saved' : save.status === 'pristine' ? '' : 'Saving…'}
    </p>
  );
}
