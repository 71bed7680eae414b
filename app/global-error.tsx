'use client';

import './globals.css';
import { PageError, type PageErrorProps } from '@/components/ui/page-error';

/** Replaces the root layout when the layout itself fails. */
export default function GlobalError(props: PageErrorProps) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Throughline</title>
        <main className="grid min-h-dvh">
          <PageError {...props} />
        </main>
      </body>
    </html>
  );
}
