'use client';

import { PageError, type PageErrorProps } from '@/components/ui/page-error';

export default function ErrorPage(props: PageErrorProps) {
  return (
    <main className="grid min-h-dvh">
      <PageError {...props} />
    </main>
  );
}
