'use client';

import { Button } from './button';
import { Notice } from './notice';

export type PageErrorProps = { error: Error & { digest?: string }; retry: () => void };

/** Replaces a page in an error boundary of the router. `retry` fetches the page again. */
export function PageError({ error, retry }: PageErrorProps) {
  return (
    <Notice title="Something went wrong" actions={<Button onClick={retry}>Try again</Button>}>
      An error occurred on this page. Your chats are stored on the server and are not affected.
      {error.digest && (
        <span className="mt-2 block text-sm">Reference for the server log: {error.digest}</span>
      )}
    </Notice>
  );
}
