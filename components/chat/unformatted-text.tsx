/** The raw text of an answer that failed to render. Other messages are not affected. */
export function UnformattedText({ text }: { text: string }) {
  return (
    <>
      <p role="alert" className="text-destructive-text text-sm">
        Couldn’t format this answer. It’s shown as plain text.
      </p>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text.slice(0, MAX_UNFORMATTED_CHARS)}
      </p>
    </>
  );
}

/** "Copy answer" copies the whole text. */
const MAX_UNFORMATTED_CHARS = 150_000;
