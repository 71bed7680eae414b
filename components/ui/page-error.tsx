'use client';

import { Button } from './button';
import { Notice } from './notice';

export type PageErrorProps = { error: Error & { digest?: string }; retry: () => void };

/** What an error boundary of the router shows in place of a page; `retry` fetches the page again. */
export function PageError({ error, retry }: PageErrorProps) {
  return (
    <Notice title="This page broke" actions={<Button onClick={retry}>Try again</Button>}>
      Something went wrong while showing it. Your chats are saved on the server and are not
      affected.
      {error.digest && (
        <span className="mt-2 block text-sm">Reference for the server log: {error.digest}</span>
      )}
    </Notice>
  );
}
