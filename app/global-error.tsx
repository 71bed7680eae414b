'use client';

import './globals.css';
import { BrokenPage, type BrokenPageProps } from '@/components/ui/broken-page';

/** Stands in for the root layout when that itself fails. */
export default function GlobalError(props: BrokenPageProps) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Throughline</title>
        <main className="grid min-h-dvh">
          <BrokenPage {...props} />
        </main>
      </body>
    </html>
  );
}
