'use client';

import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';

type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void };

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <Notice title="This page broke" actions={<Button onClick={reset}>Try again</Button>}>
      Something went wrong while showing it. Your chats are saved on the server and are not
      affected.
      {error.digest && (
        <span className="mt-2 block text-sm">Reference for the server log: {error.digest}</span>
      )}
    </Notice>
  );
}
