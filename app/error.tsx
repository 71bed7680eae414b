'use client';

import { PageError, type PageErrorProps } from '@/components/ui/broken-page';

export default function ErrorPage(props: PageErrorProps) {
  return (
    <main className="grid min-h-dvh">
      <PageError {...props} />
    </main>
  );
}
