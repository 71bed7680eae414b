'use client';

import './globals.css';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';

type GlobalErrorProps = { error: Error & { digest?: string }; reset: () => void };

/** Stands in for the root layout when that itself fails. */
export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Throughline</title>
        <Notice title="Throughline broke" actions={<Button onClick={reset}>Try again</Button>}>
          The page could not be shown at all. Your chats are saved on the server and are not
          affected.
          {error.digest && (
            <span className="mt-2 block text-sm">Reference for the server log: {error.digest}</span>
          )}
        </Notice>
      </body>
    </html>
  );
}
