import type { Metadata } from 'next';
import { Notice } from '@/components/ui/notice';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="grid min-h-dvh">
      <Notice title="Page not found">There’s no page at this address. Your chats are safe.</Notice>
    </main>
  );
}
