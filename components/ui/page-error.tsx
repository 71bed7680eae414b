'use client';

import { Button } from './button';
import { Notice } from './notice';

export type PageErrorProps = {
  /** An error of the server has a digest, which its log contains. */
  error: { digest?: string };
  retry: () => void;
};

/** Replaces a page that failed. `retry` fetches the page again. */
export function PageError({ error, retry }: PageErrorProps) {
  return (
    <Notice title="Something went wrong" actions={<Button onClick={retry}>Try again</Button>}>
      This page ran into an error. Your chats are safe on the server.
      {error.digest && (
        <span className="mt-2 block text-sm">Reference for the server log: {error.digest}</span>
      )}
    </Notice>
  );
}
